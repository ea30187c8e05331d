import EventLoop
import HTTP
import MetricsAPI

/// Decides whether a caller may do what it asks for, in the order of a delegating API server: the privileged group, the
/// paths open to all, a SubjectAccessReview (`k8s.io/apiserver/pkg/server/options/authorization.go`). Where there is no
/// answer, nobody may. Belongs to one event loop.
final class Authorizer {
  typealias Decision = AccessReviews.Decision

  private let reviews: AccessReviews
  private let cache: AccessReviews.Cache
  private let alwaysAllowed: AlwaysAllowedPaths
  private let loop: EventLoop

  init(reviews: AccessReviews, alwaysAllowed: AlwaysAllowedPaths, loop: EventLoop) {
    self.reviews = reviews
    self.alwaysAllowed = alwaysAllowed
    self.loop = loop
    cache = reviews.makeCache(loop)
  }

  /// Whether anybody may ask for this path, which is for no resource.
  func isOpen(_ path: String) -> Bool { alwaysAllowed.contain(path) }

  /// Whether `user` may send `request`. Remembers a review in what was read of the request's target, too.
  func decide(_ request: RouterRequest, by user: UserInfo) async throws(ReviewFailure) -> Decision {
    // The aggregator's own checks come as one of these, and need no review.
    if user.isPrivileged { return Decision(isAllowed: true) }
    let (target, method) = (request.target, request.head.method)
    if let known = target.decision(for: user, method, at: loop.now) {
      cache.countHit()
      return known
    }
    let question = AccessQuestion(user: user, path: target.path, method: method.name, watches: target.watches)
    if isForOpenPath(question) { return Decision(isAllowed: true) }
    let reviewed = try await reviews.decision(question, cache)
    target.remember(
      ReadTarget.Permission(user: user, method: method, decision: reviewed.answer, expires: reviewed.expires))
    return reviewed.answer
  }

  private func isForOpenPath(_ question: AccessQuestion) -> Bool {
    if case .metric = question.path.endpoint { return false }
    return isOpen(question.path.text) && !question.attributes.isResourceRequest
  }
}
