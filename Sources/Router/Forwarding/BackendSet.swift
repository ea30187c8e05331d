import EventLoop
import HTTP
import Routing
import TLS

/// The connection pools of one event loop, one for each metrics source, kept in step with the routing table: a source
/// whose endpoint and trust did not change keeps its connections across a reload.
final class BackendSet {
  /// What decides whether connections can be kept.
  private struct Endpoint: Equatable {
    var backend: RoutedSource.Backend
    var tls: RoutedSource.TLS
  }

  private struct Entry {
    var endpoint: Endpoint
    var pool: ConnectionPool
  }

  private let loop: EventLoop
  private let resolver: NameResolver
  private let dialling: Dialling
  private var entries: [String: Entry] = [:]

  init(loop: EventLoop, resolver: NameResolver, dialling: Dialling) {
    self.loop = loop
    self.resolver = resolver
    self.dialling = dialling
  }

  /// The pool for `source`; made when it is first asked for.
  func pool(for source: RoutedSource) throws(TLSError) -> ConnectionPool {
    let endpoint = Endpoint(backend: source.backend, tls: source.tls)
    if let entry = entries[source.name] {
      if entry.endpoint == endpoint { return entry.pool }
      entry.pool.close()
    }
    let pool = ConnectionPool(address: try dialling.address(of: source), loop: loop, resolver: resolver)
    entries[source.name] = Entry(endpoint: endpoint, pool: pool)
    return pool
  }

  /// Closes what belongs to sources that are no longer in `table`.
  func keepOnly(_ table: RoutingTable) {
    let names = Set(table.sources.map(\.name))
    for (name, entry) in entries where !names.contains(name) {
      entry.pool.close()
      entries[name] = nil
    }
  }

  func maintain() { for entry in entries.values { entry.pool.maintain() } }

  func close() {
    for entry in entries.values { entry.pool.close() }
    entries = [:]
  }
}
