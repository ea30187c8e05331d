import Synchronization

@testable import metrics_router_server

/// Keeps what it is told of reviews.
final class RecordedOutcomes: ReviewObserver {
  private let outcomes = Mutex<[ReviewOutcome]>([])

  func observed(_ outcome: ReviewOutcome) { outcomes.withLock { $0.append(outcome) } }

  var all: [ReviewOutcome] { outcomes.withLock { $0 } }

  func count(_ outcome: ReviewOutcome) -> Int { all.count { $0 == outcome } }

  /// The results of reviews, without their durations.
  func results(_ kind: ReviewOutcome.Kind) -> [ReviewOutcome.Result] {
    all.compactMap { outcome in
      guard case .reviewed(kind, let result, _) = outcome else { return nil }
      return result
    }
  }
}
