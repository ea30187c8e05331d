import Synchronization

/// The token that the router shows to backends, as it was last read. Shared by all workers; renewed in the background, so
/// that no request waits for it.
final class BackendCredentials: Sendable {
  private let current = Mutex<String?>(nil)

  var token: String? { current.withLock { $0 } }
  func replace(_ token: String?) { current.withLock { $0 = token } }
}
