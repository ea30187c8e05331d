import Routing
import Synchronization

/// The token that the router shows to backends, as it was last read or granted. Shared by all workers; renewed in the
/// background, so that no request waits for it.
final class BackendCredentials: Sendable {
  private enum Shown {
    /// Sources are not shown any.
    case nothing
    /// The value of the `Authorization` field.
    case authorization(String)
    /// Sources are shown one, and there is none, for that reason.
    case missing(String)
  }

  private let shown = Mutex(Shown.nothing)
  /// What is called where a backend does not accept the token.
  private let onRefusal: @Sendable () -> Void

  init(onRefusal: @escaping @Sendable () -> Void = {}) { self.onRefusal = onRefusal }

  /// What to say to a source; nil for nothing. Throws where there is none for a source that is to be
  /// shown one: it is not to be asked, for it would take the router for nobody.
  func authorization(for source: RoutedSource) throws(CredentialsUnavailable) -> String? {
    guard source.isShownToken else { return nil }
    switch shown.withLock({ $0 }) {
    case .nothing: return nil
    case .authorization(let authorization): return authorization
    case .missing(let cause): throw CredentialsUnavailable(description: "the token for backends: \(cause)")
    }
  }

  func replace(_ token: String?) {
    let new = token.map { Shown.authorization("Bearer \($0)") } ?? .nothing
    shown.withLock { $0 = new }
  }

  /// There is no token, for that reason.
  func withhold(_ cause: String) { shown.withLock { $0 = .missing(cause) } }

  /// A source has answered 401.
  func refused(by source: RoutedSource) {
    if source.isShownToken { onRefusal() }
  }
}

/// There is no token for a source that is to be shown one.
struct CredentialsUnavailable: Error, Sendable, CustomStringConvertible {
  let description: String
}
