internal import COpenSSL

/// What OpenSSL, or the peer, objected to.
package struct TLSError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Kind: Sendable, Equatable {
    /// PEM that holds no certificate or key, or a key that belongs to another certificate.
    case material
    /// The peer's certificate is not trusted or is for another name.
    case verification
    /// The handshake or a record broke the protocol.
    case protocolViolation
    case timeout
    /// The connection ended where the protocol did not allow it.
    case closed
  }

  package var kind: Kind
  /// What was being done, and to what.
  package var operation: String
  package var message: String

  package init(_ kind: Kind, _ operation: String, _ message: String) {
    self.kind = kind
    self.operation = operation
    self.message = message
  }

  /// Takes the message from OpenSSL's error queue, and empties that.
  static func fromQueue(_ kind: Kind, _ operation: String) -> TLSError {
    var message = ""
    while true {
      let code = ERR_get_error()
      guard code != 0 else { break }
      if message.isEmpty, let reason = ERR_reason_error_string(code) { message = String(cString: reason) }
    }
    return TLSError(kind, operation, message.isEmpty ? "unknown error" : message)
  }

  package var description: String { "\(operation): \(message)" }
}
