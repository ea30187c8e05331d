package import TLS

/// Why a backend gave no whole answer.
package enum ExchangeError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Its name has no address.
  case unresolved(String)
  /// No connection: refused, unreachable, or too slow to accept.
  case unreachable(String)
  case tls(TLSError)
  /// The deadline passed; what it was waiting for then.
  case timedOut(String)
  /// The connection broke before the answer was whole.
  case broken(String)
  case malformed(HTTP1Error)

  package var description: String {
    switch self {
    case .unresolved(let message), .unreachable(let message), .broken(let message): message
    case .tls(let error): error.description
    case .timedOut(let phase): "deadline exceeded while \(phase)"
    case .malformed(let error): "malformed answer: \(error)"
    }
  }
}
