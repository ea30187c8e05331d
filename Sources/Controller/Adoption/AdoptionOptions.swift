import Options

/// What `adopt` and `rollback` are told on the command line.
struct AdoptionOptions: Sendable {
  static let defaultRollbackFile = "./metrics-router-rollback.yaml"

  var router: RouterAddress
  /// The Secret, or the file, with the authority that has signed the router's certificate.
  var authority: RouterTrust.Origin
  var rollbackFile: String
  /// Nobody named the file: a dry run then writes none.
  var isRollbackFileDefault: Bool
  /// False only tells what would be done.
  var applies: Bool
  var timing: AdoptionTiming
  /// Of `adopt`.
  var mayOverwrite: Bool
  var allowsUnrouted: Bool
  /// Of `rollback`.
  var isForced: Bool
  var deletesSources: Bool

  /// Declares the flags. What is returned reads them.
  static func declare(
    _ flags: inout FlagSet, adopt: Command, rollback: Command
  ) -> (ParsedFlags) throws(OptionsError) -> AdoptionOptions {
    flags.section("Adoption", for: adopt, rollback)
    let apply = flags.bool("apply", "Do it. Without this flag it is only told.")
    let dryRun = flags.bool("dry-run", "Tell what would be done and change nothing, which is the default.")
    let file = flags.file(
      "rollback-file", default: defaultRollbackFile,
      "How the APIServices were before. Written by adopt --apply, and by a dry run where this flag names one.")
    let namespace = flags.string(
      "router-namespace", default: "metrics-router", placeholder: "name", "Where the router's Service is.")
    let service = flags.string(
      "router-service", default: "metrics-apiserver", placeholder: "name", "The router's Service.")
    let port = flags.integer("router-port", default: 443, in: 1...65_535, "The port of the router's Service.")
    let timeout = flags.duration(
      "timeout", default: .seconds(120), in: .seconds(1) ... .seconds(3600),
      "How long to wait for each MetricsSource to be synced, and for each APIService to become available.")
    let settle = flags.duration(
      "settle", default: .seconds(7), in: .zero ... .seconds(60),
      "How long an APIService must stay available to be believed: the API server asks a new backend for up to 5 seconds"
        + " before it says that it is none.")
    let grace = flags.duration(
      "grace", default: .seconds(30), in: .zero ... .seconds(600),
      "How long a version that is to be deleted goes on answering after autoscalers were told to ask another one: at"
        + " least two of their sync periods.")

    flags.section("Adopting", for: adopt)
    let secret = flags.value(
      "router-ca-secret", type: .objectName,
      "The Secret whose ca.crt has signed the router's certificate; that of its controller, or of cert-manager. Its keys are"
        + " not looked at. Default: metrics-router-serving-certificate in --router-namespace.")
    let authorityFile = flags.file(
      "router-ca-file", "PEM with the authority that has signed the router's certificate, in place of that Secret.")
    let overwrite = flags.bool("overwrite", "Replace a rollback file that is there and says something else.")
    let unrouted = flags.bool("allow-unrouted", "Go on even where a source has no metric to route.")

    flags.section("Rolling back", for: rollback)
    let force = flags.bool("force", "Take APIServices also from others than the router.")
    let deleteSources = flags.bool("delete-sources", "Also delete the MetricsSources that adopt has made.")

    return { parsed throws(OptionsError) in
      if parsed[apply], parsed[dryRun] {
        throw .invalidValue("true", origin: "--dry-run", expected: "no --apply beside it")
      }
      let given = parsed[secret]
      return AdoptionOptions(
        router: RouterAddress(namespace: parsed[namespace], name: parsed[service], port: parsed[port]),
        authority: parsed[authorityFile].map { .file($0) }
          ?? .secret(given ?? ObjectName(namespace: parsed[namespace], name: "metrics-router-serving-certificate")),
        rollbackFile: parsed[file], isRollbackFileDefault: !parsed.isSet(file), applies: parsed[apply],
        timing: AdoptionTiming(timeout: parsed[timeout], settle: parsed[settle], grace: parsed[grace]),
        mayOverwrite: parsed[overwrite],
        allowsUnrouted: parsed[unrouted], isForced: parsed[force], deletesSources: parsed[deleteSources])
    }
  }
}
