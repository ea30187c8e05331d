import Telemetry

/// How often callers are identified and authorized from memory, and what the API server says when it is asked.
final class ReviewMetrics: ReviewObserver {
  private struct Of: Sendable {
    var hits: Counter
    var misses: Counter
    var turnedAway: Counter
    var reviews: MetricFamily<Counter>
    var duration: Histogram

    func observe(_ outcome: ReviewOutcome, _ kind: ReviewOutcome.Kind) {
      switch outcome {
      case .hit: hits.add()
      case .miss: misses.add()
      case .turnedAway: turnedAway.add()
      case .reviewed(_, let result, let duration):
        reviews.child(kind.rawValue, result.rawValue).add()
        self.duration.observe(duration)
      }
    }
  }

  private let token: Of
  private let access: Of

  init(_ registry: MetricsRegistry) {
    let lookups = registry.counter(
      "metrics_router_review_lookups_total",
      help:
        "Callers looked up, by kind (token: who they are, access: what they may) and result: hit, miss, turned_away.",
      labels: ["kind", "result"])
    let reviews = registry.counter(
      "metrics_router_reviews_total",
      help: "TokenReviews and SubjectAccessReviews, by result: success, refusal, error.",
      labels: ["kind", "result"])
    let duration = registry.histogram(
      "metrics_router_review_duration_seconds", help: "How long the API server took to review, retries included.",
      labels: ["kind"])
    func of(_ kind: ReviewOutcome.Kind) -> Of {
      Of(
        hits: lookups.child(kind.rawValue, "hit"), misses: lookups.child(kind.rawValue, "miss"),
        turnedAway: lookups.child(kind.rawValue, "turned_away"), reviews: reviews,
        duration: duration.child(kind.rawValue))
    }
    token = of(.token)
    access = of(.access)
  }

  func observed(_ outcome: ReviewOutcome) {
    switch outcome {
    case .hit(let kind), .miss(let kind), .turnedAway(let kind), .reviewed(let kind, _, _):
      (kind == .token ? token : access).observe(outcome, kind)
    }
  }
}
