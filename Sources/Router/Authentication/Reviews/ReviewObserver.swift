/// What became of a need to know something from the API server.
enum ReviewOutcome: Sendable, Equatable {
  enum Kind: String, Sendable {
    case token
    case access
  }

  enum Result: String, Sendable {
    /// A user, or the right to do it.
    case success
    /// The API server knows no such token, or does not allow it.
    case refusal
    /// There is no answer.
    case error
  }

  /// An answer was remembered.
  case hit(Kind)
  /// None was: the caller waits for a review, its own or that of another.
  case miss(Kind)
  /// A review has ended, after all its attempts; `duration` is that of all of them.
  case reviewed(Kind, Result, duration: Duration)
  /// Too many reviews were under way, and the caller was told to come again.
  case turnedAway(Kind)
}

/// Is told each outcome, on whatever thread it comes about: several at once.
protocol ReviewObserver: Sendable {
  func observed(_ outcome: ReviewOutcome)
}
