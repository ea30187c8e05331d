import Synchronization

/// The authorities by which a source without `caBundle` is verified: the cluster's, which are exchanged while the server
/// runs. Shared by all workers.
final class BackendAuthorities: Sendable {
  struct Version: Sendable {
    /// Another one each time that they are exchanged.
    var number = 0
    /// Nil: the system's authorities.
    var pem: [UInt8]?
  }

  private let state: Mutex<Version>

  init(pem: [UInt8]?) { state = Mutex(Version(pem: pem)) }

  var current: Version { state.withLock { $0 } }

  /// Connections that are made from now on are verified by these; whoever keeps others looks at the number.
  func replace(pem: [UInt8]) {
    state.withLock { state in
      guard state.pem != pem else { return }
      state.number += 1
      state.pem = pem
    }
  }
}
