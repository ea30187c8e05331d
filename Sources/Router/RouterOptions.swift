import Options
import Telemetry

/// The command line of `metrics-router-server`.
struct RouterOptions: Sendable {
  enum Task: Sendable, Equatable {
    case serve
    /// Print the table of a snapshot.
    case routes
    /// Say which source answers a metric, and why.
    case explain(metric: String)
  }

  static let program = "metrics-router-server"
  static let defaultSnapshot = "/var/run/metrics-router/routing-table.json"

  var task: Task
  var securePort: UInt16
  var bindAddress: String
  var certificateFile: String?
  var privateKeyFile: String?
  var workers: Int
  var snapshot: String
  var kubeconfig: String?
  var anonymousAuth: Bool
  var authentication: AuthenticationOptions
  var limits: LimitOptions
  var backends: BackendOptions
  var shutdownDelay: Duration
  var shutdownTimeout: Duration
  var telemetry: TelemetryOptions
  var namespace: String?

  enum Outcome {
    case run(RouterOptions)
    /// To be printed, and nothing else done.
    case answer(String)
  }

  static func parse(_ arguments: [String]) throws(OptionsError) -> Outcome {
    var flags = FlagSet(
      program: program, version: BuildVersion.version,
      summary: "Serves custom.metrics.k8s.io and external.metrics.k8s.io, and routes each request to the metrics source"
        + " that answers it, by the routing table that metrics-router-controller writes.")
    let routes = flags.command("routes", help: "Print the routing table of a snapshot.")
    let explain = flags.command(
      "explain", arguments: "METRIC",
      help:
        "Say which source answers METRIC: pods/foo or deployments.apps/foo for a custom metric, foo for an external one."
    )
    let snapshot = flags.file("snapshot", default: defaultSnapshot, "The routing table that the controller writes.")
    flags.section("Serving", for: .main)
    let port = flags.integer("secure-port", default: 6443, in: 0...65_535, "The HTTPS port; 0 takes any free one.")
    let address = flags.string(
      "bind-address", default: "0.0.0.0", placeholder: "address",
      "The address to listen on; 0.0.0.0 and :: mean all of both families.")
    let certificate = flags.file(
      "tls-cert-file", "PEM with the serving certificate and its intermediates; without it a self-signed one is made.")
    let key = flags.file("tls-private-key-file", "PEM with the private key of --tls-cert-file.")
    let workers = flags.integer("workers", default: 0, in: 0...256, "Event loops; 0 takes one for each core.")
    let delay = flags.duration(
      "shutdown-delay-duration", default: .zero, in: .zero ... .seconds(600),
      "How long to go on serving after a signal to end, while /readyz already fails.")
    let timeout = flags.duration(
      "shutdown-timeout", default: .seconds(20), in: .zero ... .seconds(600),
      "How long requests under way may take to end after that.")

    flags.section("Kubernetes", for: .main)
    let kubeconfig = flags.file("kubeconfig", "How to reach the API server; default: KUBECONFIG, else in-cluster.")
    let anonymous = flags.bool(
      "anonymous-auth", "Let everybody in, without authentication and authorization. For development only.")

    let authentication = AuthenticationOptions.declare(&flags)

    flags.section("Backends", for: .main)
    let backends = BackendOptions.declare(&flags)

    flags.section("Limits", for: .main)
    let limits = LimitOptions.declare(&flags)

    flags.section("Telemetry", for: .main)
    let telemetry = TelemetryOptions.declare(&flags)

    flags.section("Explaining", for: explain)
    let namespace = flags.string(
      "namespace", short: "n", placeholder: "name",
      "The namespace asked in; without it, a custom metric is cluster-scoped.")

    let parsed = try flags.parse(arguments)
    if let answer = parsed.answer { return .answer(answer) }
    if (parsed[certificate] == nil) != (parsed[key] == nil) {
      throw .missingFlag(parsed[key] == nil ? "--tls-private-key-file" : "--tls-cert-file")
    }
    let task: Task =
      switch parsed.command {
      case routes: .routes
      case explain: .explain(metric: parsed.arguments[0])
      default: .serve
      }
    return .run(
      RouterOptions(
        task: task, securePort: UInt16(parsed[port]), bindAddress: parsed[address],
        certificateFile: parsed[certificate], privateKeyFile: parsed[key], workers: parsed[workers],
        snapshot: parsed[snapshot], kubeconfig: parsed[kubeconfig], anonymousAuth: parsed[anonymous],
        authentication: try authentication(parsed),
        limits: limits(parsed), backends: backends(parsed), shutdownDelay: parsed[delay],
        shutdownTimeout: parsed[timeout], telemetry: telemetry(parsed),
        namespace: parsed[namespace]))
  }
}
