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
  /// Of the default authorities by which those are verified.
  private var authoritiesVersion = 0

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
  ///
  /// A request that began by an older table goes on by it. Where the source was another one then, it gets a backend for
  /// itself, and those who go by the table in force keep theirs.
  func backend(at index: Int32, in table: RoutingTable) throws(TLSError) -> Backend {
    // Without a table in force the server is ending.
    guard table === self.table else {
      let source = table.source(at: index)
      if let known = backends[source.name], known.endpoint == Backend.Endpoint(source, dialling) { return known }
      let backend = try make(source)
      backend.closeAfterUse()
      return backend
    }
    if let known = ofTable[Int(index)] { return known }
    let backend = try backend(for: table.source(at: index))
    ofTable[Int(index)] = backend
    return backend
  }

  /// The backend of `source`.
  func backend(for source: RoutedSource) throws(TLSError) -> Backend {
    let endpoint = Backend.Endpoint(source, dialling)
    if let known = backends[source.name] {
      if known.endpoint == endpoint { return known }
      known.close()
    }
    let backend = try make(source)
    backends[source.name] = backend
    return backend
  }

  private func make(_ source: RoutedSource) throws(TLSError) -> Backend {
    let pool = ConnectionPool(
      address: try dialling.address(of: source), loop: loop, resolver: resolver, limits: limits)
    return Backend(
      name: source.name, endpoint: Backend.Endpoint(source, dialling), pool: pool, loop: loop,
      breaker: CircuitBreaker(breaker),
      metrics: SourceMetrics(metrics, source: source.name))
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

  func maintain() {
    let version = dialling.defaultAuthorities.current.number
    if version != authoritiesVersion {
      // Whoever is asked next is looked at anew, and dialled by the new ones where they count.
      authoritiesVersion = version
      ofTable = Array(repeating: nil, count: ofTable.count)
    }
    for backend in backends.values { backend.maintain() }
  }

  func close() {
    for backend in backends.values { backend.close() }
    backends = [:]
    table = nil
    ofTable = []
  }
}
