import Options

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
  var snapshot: String
  var secureServing: SecureServingOptions
  var lifecycle: LifecycleOptions
  var limits: LimitOptions
  var discovery: DiscoveryOptions
  var kubeconfig: String?
  var anonymousAuth: Bool
  var authentication: AuthenticationOptions
  var backends: BackendOptions
  var shadows: ShadowSettings
  var telemetry: TelemetryOptions
  var explaining: ExplainOptions
  /// Of `routes` and `explain`.
  var output: OutputFormat

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

    flags.section("Output", for: routes, explain)
    let output = OutputFormat.declare(&flags)

    flags.section("Serving", for: .main)
    let secureServing = SecureServingOptions.declare(&flags)
    let discovery = DiscoveryOptions.declare(&flags)
    let lifecycle = LifecycleOptions.declare(&flags)

    flags.section("Limits", for: .main)
    let limits = LimitOptions.declare(&flags)

    flags.section("Kubernetes", for: .main)
    let kubeconfig = flags.file("kubeconfig", "How to reach the API server; default: KUBECONFIG, else in-cluster.")
    let anonymous = flags.bool(
      "anonymous-auth", "Let everybody in, without authentication and authorization. For development only.")
    let authentication = AuthenticationOptions.declare(&flags)

    flags.section("Backends", for: .main, explain)
    let backends = BackendOptions.declare(&flags)

    flags.section("Shadows", for: .main)
    let shadows = ShadowOptions.declare(&flags)

    flags.section("Telemetry", for: .main)
    let telemetry = TelemetryOptions.declare(&flags)

    flags.section("Explaining", for: explain)
    let explaining = ExplainOptions.declare(&flags)

    let parsed = try flags.parse(arguments)
    if let answer = parsed.answer { return .answer(answer) }
    let task: Task =
      switch parsed.command {
      case routes: .routes
      case explain: .explain(metric: parsed.arguments[0])
      default: .serve
      }
    return .run(
      RouterOptions(
        task: task, snapshot: parsed[snapshot], secureServing: try secureServing(parsed),
        lifecycle: lifecycle(parsed), limits: limits(parsed), discovery: discovery(parsed),
        kubeconfig: parsed[kubeconfig], anonymousAuth: parsed[anonymous], authentication: try authentication(parsed),
        backends: backends(parsed), shadows: shadows(parsed), telemetry: telemetry(parsed),
        explaining: explaining(parsed), output: parsed[output]))
  }
}
