import EventLoop
import Kubernetes
import MetricsAPI
import Telemetry

/// Asks the API server who may do what, for all workers (`k8s.io/apiserver/plugin/pkg/authorizer/webhook`).
struct AccessReviews: Sendable {
  struct Decision: Sendable, Equatable {
    var isAllowed: Bool
    /// For the refused caller.
    var reason: String = ""
  }

  typealias Cache = ReviewCache<AccessQuestion, Decision>

  private static let bounds = ReviewTable<AccessQuestion, Decision>.Bounds(entries: 16_384, bytes: 32 << 20)
  private static let workerBounds = ReviewTable<AccessQuestion, Decision>.Bounds(entries: 4096, bytes: 8 << 20)

  private let client: any APIClient
  private let shared: SharedReviews<AccessQuestion, Decision>
  private let logger: Logger

  init(
    client: any APIClient, allowedLifetime: Duration, deniedLifetime: Duration,
    observer: (any ReviewObserver)? = nil, logger: Logger
  ) {
    self.client = client
    self.logger = logger
    shared = SharedReviews(
      .init(
        kind: .access, lifetime: { $0.isAllowed ? allowedLifetime : deniedLifetime }, isSuccess: { $0.isAllowed },
        size: { $0.bytes + $1.reason.utf8.count }),
      bounds: Self.bounds, observer: observer)
  }

  /// What one worker remembers, made on its loop.
  func makeCache(_ loop: EventLoop) -> Cache { Cache(shared, bounds: Self.workerBounds, loop: loop) }

  /// Throws where the API server could not be asked: nobody can say that the caller may, so it may not.
  func decision(_ question: AccessQuestion, _ cache: Cache) async throws(ReviewFailure) -> Cache.Remembered {
    // All of whom nothing is known count as one caller, whatever a front proxy calls them.
    let caller = question.user.isAnonymous ? UserInfo.anonymousName.hashValue : question.user.name.hashValue
    return try await cache.answer(to: question, caller: caller) { [client, logger] () throws(ReviewFailure) in
      let specification = question.specification
      let status = try await ReviewRetry.ask { (timeout) throws(APIError) in
        try await client.review(access: specification, timeout: timeout)
      }
      if let error = status.evaluationError, !error.isEmpty {
        // The decision stands: an authorizer that could not be asked has no say in it.
        logger.info("SubjectAccessReview of \(question.user.name) on \(question.path.text): \(error)", v: 2)
      }
      return Decision(isAllowed: status.allowed && status.denied != true, reason: status.reason ?? "")
    }
  }
}
