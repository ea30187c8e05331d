import HTTP
import Routing

/// One metrics source as one event loop deals with it: its connections, and whether it is worth asking.
final class Backend {
  /// What decides whether connections can be kept when the source changes.
  struct Endpoint: Equatable {
    var backend: RoutedSource.Backend
    var tls: RoutedSource.TLS

    init(_ source: RoutedSource) {
      backend = source.backend
      tls = source.tls
    }
  }

  let endpoint: Endpoint
  let pool: ConnectionPool
  var breaker: CircuitBreaker

  init(endpoint: Endpoint, pool: ConnectionPool, breaker: CircuitBreaker) {
    self.endpoint = endpoint
    self.pool = pool
    self.breaker = breaker
  }
}
