package import TLS

/// Why a backend gave no whole answer.
package enum ExchangeError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Its name has no address.
  case unresolved(String)
  /// Its name leads where none that a resource names may; nothing was sent.
  case refused(String)
  /// No connection: refused, unreachable, or too slow to accept.
  case unreachable(String)
  case tls(TLSError)
  /// The deadline passed; what it was waiting for then.
  case timedOut(String)
  /// The connection broke before the answer was whole.
  case broken(String)
  case malformed(MessageError)
  /// The connection broke the rules of HTTP/2.
  case protocolViolation(String)
  /// More requests for this backend are under way or waiting than may be.
  case overloaded(limit: Int)
  /// The answers that all backends are sending would take more bytes than they may.
  case answersTooLarge(limit: Int)

  init(_ error: MessageError) {
    self = if case .answersTooLarge(let limit) = error { .answersTooLarge(limit: limit) } else { .malformed(error) }
  }

  init(_ error: StreamError, while phase: String) {
    self =
      switch error {
      case .timedOut: .timedOut(phase)
      case .broken(let message): .broken(message)
      }
  }

  package var description: String {
    switch self {
    case .unresolved(let message), .refused(let message), .unreachable(let message), .broken(let message): message
    case .tls(let error): error.description
    case .timedOut(let phase): "deadline exceeded while \(phase)"
    case .malformed(let error): "malformed answer: \(error)"
    case .protocolViolation(let message): "malformed answer: \(message)"
    case .overloaded(let limit): "\(limit) requests are under way or waiting already"
    case .answersTooLarge(let limit):
      "what all metrics sources are sending at once would take more than \(limit) bytes (--max-answer-memory)"
    }
  }
}
