import Options
import Telemetry

/// The command line of `metrics-router-controller`.
struct ControllerOptions: Sendable {
  static let program = "metrics-router-controller"

  var kubeconfig: String?
  var apiGroup: String
  var snapshot: String
  /// A folder of manifests in place of an API server.
  var sources: String?
  var resyncInterval: Duration
  /// How long metrics stay routed that a source no longer lists.
  var metricRetention: Duration
  var concurrentSyncs: Int
  var leaderElection: LeaderElectionOptions
  var certificates: CertificateOptions
  var backends: BackendAccess
  var healthAddress: Address
  var metricsAddress: BindAddress
  /// Of the server beside this controller.
  var serverStatusAddress: BindAddress
  var loggingFormat: LogFormat
  var verbosity: Int

  enum Outcome {
    case run(ControllerOptions)
    case command(ControllerCommand)
    /// To be printed, and nothing else done.
    case answer(String)
  }

  static func parse(_ arguments: [String]) throws(OptionsError) -> Outcome {
    var flags = FlagSet(
      program: program, version: BuildVersion.version,
      summary:
        "Watches MetricsSources, asks each backend which metrics it serves, reports that in the resource's status,"
        + " and writes the routing table that metrics-router-server routes by.")
    let validate = flags.command(
      "validate", arguments: "FILE...",
      help: "Say what the controller would say of the MetricsSources in manifests, without a cluster; - is standard"
        + " input. Exits with 1 where one is wrong.")
    let adopt = flags.command(
      "adopt",
      help: "Say who answers for the metrics APIs of a cluster now, and print what makes the router answer in their"
        + " place and route to them: MetricsSources, APIServices, and a file to undo it with.")
    let rollback = flags.command(
      "rollback", help: "Give the metrics APIs back to those who answered before adopt --apply.")

    flags.section("Controller", for: .main)
    let snapshot = flags.file(
      "snapshot", default: "/var/run/metrics-router/routing-table.json", "Where the routing table is written.")
    let resync = flags.duration(
      "resync-interval", default: .seconds(300), in: .seconds(1) ... .seconds(86_400),
      "How often each backend is asked again for its list; a failing one is asked sooner.")
    let retention = flags.duration(
      "metric-retention", default: .seconds(900), in: .zero ... .seconds(86_400),
      "How long a metric stays routed after its backend last listed it; 0 for not at all.")
    let concurrent = flags.integer("concurrent-syncs", default: 64, in: 1...1000, "Backends asked at the same time.")
    let health = flags.address(
      "health-bind-address", default: Address(host: "", port: 8081),
      "Where /healthz, /livez and /readyz are served, by HTTP.")
    let metrics = flags.value(
      "metrics-bind-address", type: .bindAddress, default: .at(Address(host: "127.0.0.1", port: 8080)),
      "Where /metrics is served to Prometheus, by HTTP; 0 for nowhere.")
    let serverStatus = flags.value(
      "server-status-address", type: .bindAddress, default: .at(Address(host: "127.0.0.1", port: 8083)),
      "Where the server beside this controller serves its status, by HTTP, from which the status of sources with shadowOf"
        + " is filled; 0 for not at all.")
    let format = flags.choice("logging-format", default: LogFormat.text, "How log lines are written.")
    let verbosity = flags.integer("v", default: 0, in: 0...10, "Log level: 4 and above are for debugging.")

    flags.section("Kubernetes", for: .main, adopt, rollback)
    let kubeconfig = flags.file("kubeconfig", "How to reach the API server; default: KUBECONFIG, else in-cluster.")

    let leaderElection = LeaderElectionOptions.declare(&flags)
    let certificates = CertificateOptions.declare(&flags)

    flags.section("MetricsSources")
    let group = flags.value(
      "api-group", type: .subdomain("group"), default: MetricsSource.defaultGroup,
      "The group of the MetricsSource resource; metricsrouter.io for clusters with the original project's CRD.")

    flags.section("Without a cluster", for: .main)
    let sources = flags.file(
      "sources", "Standalone: read MetricsSource manifests from this folder, and watch it, instead of an API server.")

    flags.section("Backends", for: .main)
    let backends = BackendAccess.declare(&flags)
    let adoption = AdoptionOptions.declare(&flags, adopt: adopt, rollback: rollback)

    let parsed = try flags.parse(arguments)
    if let answer = parsed.answer { return .answer(answer) }
    switch parsed.command {
    case validate: return .command(.validate(files: parsed.arguments, group: parsed[group]))
    case adopt: return .command(.adopt(try adoption(parsed), group: parsed[group], kubeconfig: parsed[kubeconfig]))
    case rollback:
      return .command(.rollback(try adoption(parsed), group: parsed[group], kubeconfig: parsed[kubeconfig]))
    default: break
    }
    if parsed[sources] != nil, let secret = try certificates(parsed).secret {
      throw .invalidValue(
        "\(secret)", origin: "--\(CertificateOptions.secretFlag)",
        expected: "nothing with --sources, as there is no cluster")
    }
    return .run(
      ControllerOptions(
        kubeconfig: parsed[kubeconfig], apiGroup: parsed[group], snapshot: parsed[snapshot], sources: parsed[sources],
        resyncInterval: parsed[resync], metricRetention: parsed[retention], concurrentSyncs: parsed[concurrent],
        leaderElection: try leaderElection(parsed), certificates: try certificates(parsed), backends: backends(parsed),
        healthAddress: parsed[health],
        metricsAddress: parsed[metrics], serverStatusAddress: parsed[serverStatus], loggingFormat: parsed[format],
        verbosity: parsed[verbosity]))
  }
}
