import Routing
import Synchronization

/// The token that the router shows to backends, as it was last read. Shared by all workers; renewed in the background, so
/// that no request waits for it.
final class BackendCredentials: Sendable {
  private let current = Mutex<String?>(nil)

  /// The value of the `Authorization` field; nil where there is no token.
  private var authorization: String? { current.withLock { $0 } }

  /// The router's token goes over TLS alone (a source that skips verification has asked for it by saying so), and to no
  /// source that forbids it.
  func authorization(for source: RoutedSource) -> String? {
    guard source.sendsToken, source.backend.scheme == .https else { return nil }
    return authorization
  }

  func replace(_ token: String?) {
    let authorization = token.map { "Bearer \($0)" }
    current.withLock { $0 = authorization }
  }
}
