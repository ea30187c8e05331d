import HTTP
import Kubernetes

/// Why there is no answer of the API server. Whoever asked is refused; nothing is remembered.
enum ReviewFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// It could not be asked, did not answer in time, or could not say.
  case unanswered(String)
  /// Too many questions are under way.
  case overloaded

  /// For a caller who was turned away, in seconds: the rate of reviews empties all places in less.
  static let retryAfter = 1

  var description: String {
    switch self {
    case .unanswered(let cause): cause
    case .overloaded: "too many reviews are under way"
    }
  }
}

extension StatusResponse {
  /// As `k8s.io/apiserver` answers where it has no room (`pkg/server/filters/maxinflight.go`): clients come again.
  static func tooManyReviews() -> Response {
    failure(
      429, "TooManyRequests", "too many reviews are under way, please try again later",
      details: .init(retryAfterSeconds: ReviewFailure.retryAfter),
      fields: [("Retry-After", "\(ReviewFailure.retryAfter)")])
  }
}
