internal import COpenSSL

/// What a client needs to take up a session with a server again, without certificates: the server's ticket, the secret
/// that belongs to it, and the certificate that was verified when the session began.
// Sound: it is a copy of its own until it is given to the one connection that takes it up, and is not changed before.
final class ClientSession: @unchecked Sendable {
  let pointer: OpaquePointer

  /// Nil where memory is short.
  init?(copying original: OpaquePointer) {
    guard let copy = SSL_SESSION_dup(original) else { return nil }
    pointer = copy
  }

  deinit { SSL_SESSION_free(pointer) }

  /// Tickets of TLS 1.3 are for one use, lest connections be told to be of one client (RFC 8446 appendix C.4).
  var isForOneUse: Bool { SSL_SESSION_get_protocol_version(pointer) == TLS1_3_VERSION }

  /// Whether a server may still know it at `time`, in seconds since 1970, and the certificate that it rests upon is still
  /// valid then: it is not looked at again when the session is taken up.
  func isUsable(at time: Int) -> Bool {
    let age = time - SSL_SESSION_get_time(pointer)
    guard age >= 0, age < SSL_SESSION_get_timeout(pointer) else { return false }
    guard let certificate = SSL_SESSION_get0_peer(pointer) else { return false }
    var time = time
    return X509_cmp_time(X509_get0_notAfter(certificate), &time) > 0
  }
}
