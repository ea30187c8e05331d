import Options

/// How callers are identified and what they may do, by the flags that every aggregated API server has
/// (`k8s.io/apiserver/pkg/server/options/{authentication,authorization}.go`).
struct AuthenticationOptions: Sendable {
  /// What `--requestheader-…` says; it counts only where a file for the authority is given, as upstream has it.
  struct RequestHeader: Sendable, Equatable {
    var allowedNames: [String] = []
    var usernameHeaders = ["x-remote-user"]
    var uidHeaders: [String] = []
    var groupHeaders = ["x-remote-group"]
    var extraPrefixes = ["x-remote-extra-"]
  }

  /// Nil where the server's own is to be used.
  var authenticationKubeconfig: String?
  var authorizationKubeconfig: String?
  /// Whether what no flag says is left out rather than looked up in the cluster.
  var skipsLookup = false
  /// Whether the server counts as ready before it has been.
  var toleratesLookupFailure = false
  var tokenLifetime = Duration.seconds(10)
  var allowedLifetime = Duration.seconds(10)
  var deniedLifetime = Duration.seconds(10)
  var alwaysAllowedPaths = AlwaysAllowedPaths.standard
  var clientAuthorityFile: String?
  var requestHeaderAuthorityFile: String?
  var requestHeader = RequestHeader()
  /// What was given and has no effect, or not the one that was meant; for the log.
  var warnings: [String] = []

  private static let lifetimes = Duration.zero ... .seconds(86_400)

  /// Declares the flags under a heading of their own. What is returned reads them.
  static func declare(_ flags: inout FlagSet) -> (ParsedFlags) throws(OptionsError) -> AuthenticationOptions {
    flags.section("Authentication and authorization", for: .main)
    let authentication = flags.file(
      "authentication-kubeconfig",
      "How to reach the API server that reviews tokens and holds the authentication configuration; default: --kubeconfig."
    )
    let authorization = flags.file(
      "authorization-kubeconfig", "How to reach the API server that reviews access; default: --kubeconfig.")
    let skips = flags.bool(
      "authentication-skip-lookup",
      "Take the authentication configuration from flags alone: what they do not say is not looked up in the cluster.")
    let tolerates = flags.bool(
      "authentication-tolerate-lookup-failure",
      "Be ready before the authentication configuration has been looked up: until then nobody is known by certificate.")
    let token = flags.duration(
      "authentication-token-webhook-cache-ttl", default: .seconds(10), in: lifetimes,
      "How long a review of a token counts.")
    let allowed = flags.duration(
      "authorization-webhook-cache-authorized-ttl", default: .seconds(10), in: lifetimes,
      "How long an allowing review counts.")
    let denied = flags.duration(
      "authorization-webhook-cache-unauthorized-ttl", default: .seconds(10), in: lifetimes,
      "How long a denying review counts.")
    let paths = flags.values(
      "authorization-always-allow-paths", type: .paths,
      "Paths that need no review, or with * at the end what they begin with, separated by commas (default "
        + "/healthz,/readyz,/livez).")
    let clientAuthority = flags.file(
      "client-ca-file",
      "PEM: authorities whose client certificates are users; default: looked up in the cluster. Read again when it changes."
    )
    let requestHeader = RequestHeaderFlags(&flags)
    return { (parsed) throws(OptionsError) in
      var options = AuthenticationOptions(
        authenticationKubeconfig: parsed[authentication], authorizationKubeconfig: parsed[authorization],
        skipsLookup: parsed[skips], toleratesLookupFailure: parsed[tolerates], tokenLifetime: parsed[token],
        allowedLifetime: parsed[allowed], deniedLifetime: parsed[denied], clientAuthorityFile: parsed[clientAuthority])
      if parsed.isSet(paths) { options.alwaysAllowedPaths = AlwaysAllowedPaths(parsed[paths]) }
      requestHeader.read(parsed, into: &options)
      return options
    }
  }
}

extension ValueType where Value == [String] {
  /// Several values in one, separated by commas; an empty text is none at all.
  static func list(_ placeholder: String) -> Self {
    ValueType(
      placeholder: placeholder, expectation: "values separated by commas, none of them empty",
      parse: { text in
        let values = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        return values.allSatisfy { $0.contains { !$0.isWhitespace } } ? values : nil
      }, format: { $0.joined(separator: ",") })
  }
}

extension ValueType where Value == AlwaysAllowedPaths {
  static let paths = ValueType(
    placeholder: "paths", expectation: "paths separated by commas, each with at most one *, at its end",
    parse: { text in ValueType<[String]>.list("").parse(text).flatMap { AlwaysAllowedPaths($0) } },
    format: { "\($0)" })
}
