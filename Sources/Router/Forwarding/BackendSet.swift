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
  /// The table in force, and the backends of its sources by their index, so far as they have been asked.
  private var table: RoutingTable?
  private var ofTable: [Backend?] = []

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

  /// The backend of the source at `index` of `table`; made when it is first asked for.
  func backend(at index: Int32, in table: RoutingTable) throws(TLSError) -> Backend {
    guard table === self.table else { return try backend(for: table.source(at: index)) }
    if let known = ofTable[Int(index)] { return known }
    let backend = try backend(for: table.source(at: index))
    ofTable[Int(index)] = backend
    return backend
  }

  /// The backend of `source`.
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
    if table !== self.table {
      self.table = table
      ofTable = Array(repeating: nil, count: table.sources.count)
    }
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
    table = nil
    ofTable = []
  }
}
