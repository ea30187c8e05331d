import EventLoop
import HTTP
import Routing
import TLS

/// The backends of one event loop, kept in step with the routing table: a source whose endpoint and trust did not change
/// keeps its connections across a reload.
final class BackendSet {
  private let loop: EventLoop
  private let resolver: NameResolver
  private let dialling: Dialling
  private let limits: ConnectionPool.Limits
  private let breaker: CircuitBreaker.Settings
  private let metrics: RouterMetrics
  private var backends: [String: Backend] = [:]

  init(
    loop: EventLoop, resolver: NameResolver, dialling: Dialling, limits: ConnectionPool.Limits,
    breaker: CircuitBreaker.Settings, metrics: RouterMetrics
  ) {
    self.loop = loop
    self.resolver = resolver
    self.dialling = dialling
    self.limits = limits
    self.breaker = breaker
    self.metrics = metrics
  }

  /// The backend of `source`; made when it is first asked for.
  func backend(for source: RoutedSource) throws(TLSError) -> Backend {
    let endpoint = Backend.Endpoint(source)
    if let known = backends[source.name] {
      if known.endpoint == endpoint { return known }
      known.close()
    }
    let pool = ConnectionPool(
      address: try dialling.address(of: source), loop: loop, resolver: resolver, limits: limits)
    let backend = Backend(
      name: source.name, endpoint: endpoint, pool: pool, loop: loop, breaker: CircuitBreaker(breaker),
      metrics: SourceMetrics(metrics, source: source.name))
    backends[source.name] = backend
    return backend
  }

  /// Closes what belongs to sources that are no longer in `table`.
  func keepOnly(_ table: RoutingTable) {
    let names = Set(table.sources.map(\.name))
    for (name, backend) in backends where !names.contains(name) {
      backend.close()
      backends[name] = nil
    }
  }

  func maintain() { for backend in backends.values { backend.maintain() } }

  func close() {
    for backend in backends.values { backend.close() }
    backends = [:]
  }
}
