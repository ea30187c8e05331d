internal import COpenSSL
internal import Glibc
internal import Synchronization

/// The sessions that connections of one ``TLSClientContext`` left behind, for later ones to take up. All of them are with
/// one server name and were verified by one trust, so taking one up verifies nothing less.
final class ClientSessions: Sendable {
  /// So many connections at once can each take one up. A server sends one or two with every connection.
  static let limit = 4

  /// The newest last.
  private let kept = Mutex<[ClientSession]>([])

  var count: Int { kept.withLock { $0.count } }

  func keep(_ session: ClientSession) {
    kept.withLock { kept in
      if kept.count == Self.limit { kept.removeFirst() }
      kept.append(session)
    }
  }

  /// The newest that is usable at `time`, in seconds since 1970; older ones than that are dropped on the way.
  func take(at time: Int = Glibc.time(nil)) -> ClientSession? {
    kept.withLock { kept in
      while let last = kept.last {
        guard last.isUsable(at: time) else {
          kept.removeLast()
          continue
        }
        if last.isForOneUse { return kept.removeLast() }
        // Several connections may use it at one time: each gets an object that no other thread sees.
        return ClientSession(copying: last.pointer)
      }
      return nil
    }
  }

  /// After a handshake that failed: what the server made of its ticket may be the reason.
  func forget() { kept.withLock { $0.removeAll() } }
}
