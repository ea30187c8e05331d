import Synchronization

/// The token that the router shows to backends, as it was last read. Shared by all workers; renewed in the background, so
/// that no request waits for it.
final class BackendCredentials: Sendable {
  private let current = Mutex<String?>(nil)

  /// The value of the `Authorization` field; nil where there is no token.
  var authorization: String? { current.withLock { $0 } }

  func replace(_ token: String?) {
    let authorization = token.map { "Bearer \($0)" }
    current.withLock { $0 = authorization }
  }
}
