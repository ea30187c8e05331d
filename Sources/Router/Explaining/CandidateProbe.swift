import EventLoop
import HTTP
import MetricsAPI
import Routing
import Telemetry

/// Asks every candidate of a request, for a person who wants to see what each says. It has connections of its own, and
/// nothing that it does is counted or held against a source; one that refuses the router's token has it renewed, as ever.
actor CandidateProbe {
  /// What one source said.
  struct Finding {
    let source: RoutedSource
    let status: Int
    let duration: Duration
    /// What has the next candidate asked, if anything.
    let outcome: FallThrough?
    let words: BackendWords
  }

  /// Probes that may run at once.
  private static let concurrency = 4

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  private let loop: EventLoop
  private let dialling: Dialling
  private let limits: ConnectionPool.Limits
  private let settings: ChainSettings
  private let credentials: BackendCredentials
  private let logger: Logger
  private var underWay = 0

  init(
    loop: EventLoop, dialling: Dialling, limits: ConnectionPool.Limits, settings: ChainSettings,
    credentials: BackendCredentials, logger: Logger
  ) {
    self.loop = loop
    self.dialling = dialling
    self.limits = limits
    self.settings = settings
    self.credentials = credentials
    self.logger = logger
  }

  /// One after another, each within its own deadline, all within that of a request. Nil where too many ask already.
  func ask(_ asked: ExplainQuestion, _ sources: [RoutedSource]) async -> [Finding]? {
    guard underWay < Self.concurrency else { return nil }
    underWay += 1
    defer { underWay -= 1 }
    let metrics = RouterMetrics(tables: TableHolder(), inFlight: InFlight(limit: 0))
    let backends = BackendSet(
      loop: loop, resolver: NameResolver(), dialling: dialling, limits: limits,
      breaker: CircuitBreaker.Settings(failures: 0), metrics: metrics)
    defer { backends.close() }
    let forwarder = Forwarder(
      backends: backends, loop: loop, credentials: credentials, settings: settings, metrics: metrics,
      logger: logger, userAgent: SharedState.userAgent)
    let read = MetricRead(target: BackendTarget(asked.request, asked.query), presentation: .json)
    return await forwarder.askEach(of: sources, read)
  }
}
