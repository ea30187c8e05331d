import EventLoop
import MetricsAPI

/// Decides whether a caller may do what it asks for, in the order of a delegating API server: the privileged group, the
/// paths open to all, a SubjectAccessReview (`k8s.io/apiserver/pkg/server/options/authorization.go`). Where there is no
/// answer, nobody may. Belongs to one event loop.
final class Authorizer {
  typealias Decision = AccessReviews.Decision

  private let reviews: AccessReviews
  private let cache: AccessReviews.Cache
  private let alwaysAllowed: AlwaysAllowedPaths

  init(reviews: AccessReviews, alwaysAllowed: AlwaysAllowedPaths, loop: EventLoop) {
    self.reviews = reviews
    self.alwaysAllowed = alwaysAllowed
    cache = reviews.makeCache(loop)
  }

  /// Whether anybody may ask for this path, which is for no resource.
  func isOpen(_ path: String) -> Bool { alwaysAllowed.contain(path) }

  func decide(_ question: AccessQuestion) async throws(ReviewFailure) -> Decision {
    // The aggregator's own checks come as one of these, and need no review.
    if question.user.isPrivileged { return Decision(isAllowed: true) }
    if isForOpenPath(question) { return Decision(isAllowed: true) }
    return try await reviews.decision(question, cache)
  }

  private func isForOpenPath(_ question: AccessQuestion) -> Bool {
    if case .metric = question.path.endpoint { return false }
    return isOpen(question.path.text) && !question.attributes.isResourceRequest
  }
}
