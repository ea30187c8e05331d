/// A typed call to an API server did not give what was asked for.
package enum APIError: Error, Sendable, Equatable, CustomStringConvertible {
  case transport(TransportError)
  /// The server answered with another code than 2xx.
  case status(Status)
  /// The server answered 2xx with something else than the type asked for, or the body to send cannot be encoded.
  case undecodable(operation: String, message: String)

  /// The HTTP code of the answer, where the server refused.
  package var code: Int? {
    if case .status(let status) = self { status.code } else { nil }
  }

  /// How long to wait before the next attempt, where the server says so.
  package var retryAfterSeconds: Int? {
    if case .status(let status) = self { status.details?.retryAfterSeconds } else { nil }
  }

  package var description: String {
    switch self {
    case .transport(let error): "\(error)"
    case .status(let status): status.message ?? status.reason ?? "the server answered \(status.code ?? 0)"
    case .undecodable(let operation, let message): "\(operation): \(message)"
    }
  }
}
