import EventLoop
import HTTP
import Routing
import TLS

/// The connections of one event loop to shadows: never those that carry requests whose answer somebody waits for, so that
/// a source which is both cannot be slowed down by its shadow.
final class ShadowPools {
  private let loop: EventLoop
  private let resolver: NameResolver
  private let dialling: Dialling
  private let limits: ConnectionPool.Limits
  private var pools: [String: (endpoint: Backend.Endpoint, pool: ConnectionPool)] = [:]

  init(loop: EventLoop, resolver: NameResolver, dialling: Dialling, limits: ConnectionPool.Limits) {
    self.loop = loop
    self.resolver = resolver
    self.dialling = dialling
    self.limits = limits
  }

  /// The connections to `source`; made when they are first asked for.
  func pool(for source: RoutedSource) throws(TLSError) -> ConnectionPool {
    let endpoint = Backend.Endpoint(source, dialling)
    if let known = pools[source.name] {
      if known.endpoint == endpoint { return known.pool }
      known.pool.close()
    }
    let pool = ConnectionPool(
      address: try dialling.address(of: source), loop: loop, resolver: resolver, limits: limits)
    pools[source.name] = (endpoint, pool)
    return pool
  }

  /// Closes what belongs to sources that shadow no other in `table`.
  func keepOnly(_ table: RoutingTable) {
    if pools.isEmpty { return }
    let names = Set(table.sources.filter { $0.shadowOf != nil }.map(\.name))
    for (name, known) in pools where !names.contains(name) {
      known.pool.close()
      pools[name] = nil
    }
  }

  func maintain() { for known in pools.values { known.pool.maintain() } }

  func close() {
    for known in pools.values { known.pool.close() }
    pools = [:]
  }
}
