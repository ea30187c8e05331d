import EventLoop
import Glibc
import HTTP

/// What is remembered of the identities on one connection, so that a request that shows what the one before it showed
/// costs a comparison of bytes. Several requests may be under way at once; each looks and leaves before it waits for
/// anything.
final class ConnectionIdentity {
  /// A token that was good, by the field that carried it.
  private struct Bearer {
    var field: [UInt8]
    var user: UserInfo
    var expires: MonotonicTime
  }

  /// In bytes; a longer field is looked up by its digest each time. A connection must not hold much for long.
  private static let maximumField = 4 * 1024

  var verdict: CertificateVerdict?
  private var bearer: Bearer?

  static func of(_ connection: ConnectionContext) -> ConnectionIdentity {
    if let known = connection.memory as? ConnectionIdentity { return known }
    let fresh = ConnectionIdentity()
    connection.memory = fresh
    return fresh
  }

  /// Whose token this field carries, where it is the one that was last good here, and still is.
  func user(of field: ArraySlice<UInt8>, at now: MonotonicTime) -> UserInfo? {
    guard let bearer, bearer.expires > now, bearer.field.count == field.count else { return nil }
    let isSame = bearer.field.withUnsafeBytes { known in
      field.withUnsafeBytes { given in
        guard let known = known.baseAddress, let given = given.baseAddress else { return true }
        return memcmp(known, given, field.count) == 0
      }
    }
    return isSame ? bearer.user : nil
  }

  func remember(_ field: ArraySlice<UInt8>, _ user: UserInfo, expires: MonotonicTime) {
    guard field.count <= Self.maximumField else { return }
    // A copy: a slice would keep the whole request alive.
    bearer = Bearer(field: Array(field), user: user, expires: expires)
  }
}
