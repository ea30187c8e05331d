/// Something has come of asking for tokens, or of time.
package struct TokenChange: Sendable {
  /// How a request ended.
  package enum Result: String, Sendable, CaseIterable {
    case success
    /// The right to it is missing.
    case forbidden
    case error
  }

  /// For a person who reads the log.
  package struct Notice: Sendable, Equatable {
    package enum Gravity: Sendable {
      case info
      case warning
      case error
    }

    package let gravity: Gravity
    package let text: String
  }

  /// Of the request that has ended; nil where none did.
  package let result: Result?
  /// What may be shown from now on, or why there is nothing.
  package let token: Swift.Result<String, ConfigurationError>
  /// Nil where it has been said before.
  package let notice: Notice?
}

/// Why there is no next token.
struct TokenFailure: Sendable, Equatable {
  let result: TokenChange.Result
  /// The same each time the same thing happens, and what to do about it.
  let cause: String
  /// That the API server answered; nil where it did not.
  private let code: Int?

  init(_ error: APIError, _ account: ServiceAccountName) {
    code = error.code
    switch (error, error.code) {
    case (.transport(let error), _):
      result = .error
      cause = "\(error.operation): \(error.timelessMessage)"
    case (_, 403):
      result = .forbidden
      cause =
        "\(error); grant create on serviceaccounts/token named \(account.name) in \(account.namespace), as the Role"
        + " metrics-router-backend-token does"
    case (_, 404):
      result = .error
      cause = "\(error); create that ServiceAccount, or name another one by --backend-service-account"
    default:
      result = .error
      cause = "\(error)"
    }
  }

  /// Whether it is no news after `former`. How an API server that is away fails may change from one time to the next.
  func isLike(_ former: TokenFailure?) -> Bool { result == former?.result && code == former?.code }
}
