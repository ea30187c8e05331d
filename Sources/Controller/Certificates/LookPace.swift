import Kubernetes

/// When the next look is due, by what came of the last one. A value apart from clocks and chance.
struct LookPace: Sendable {
  /// The least that a retry waits: chance may want next to nothing.
  private static let shortestWait = Duration.milliseconds(200)
  /// The longest Retry-After that is honoured.
  private static let longestRetryAfter = Duration.seconds(300)

  private let interval: Duration
  private let eagerInterval: Duration
  private var backoff = Backoff(base: .seconds(1), cap: .seconds(30))
  private var hasMoved = false
  private var hasFailed = false
  private var retryAfter = Duration.zero

  init(_ schedule: CertificateKeeper.Schedule) {
    interval = schedule.interval
    eagerInterval = schedule.eagerInterval
  }

  /// Something was written, here or by somebody else meanwhile: there is more to do soon.
  mutating func moved() { hasMoved = true }

  /// The API server did not do what it was asked for.
  mutating func failed(retryAfterSeconds: Int? = nil) {
    hasFailed = true
    retryAfter = max(retryAfter, min(Self.longestRetryAfter, .seconds(retryAfterSeconds ?? 0)))
  }

  /// How long to wait after a look that ended at `now`, on any clock that only moves forward. `chance` is from 0 to 1.
  mutating func next(at now: Duration, chance: Double) -> Duration {
    defer { (hasMoved, hasFailed, retryAfter) = (false, false, .zero) }
    guard hasFailed else {
      backoff.reset()
      return hasMoved ? eagerInterval : interval
    }
    let wait = max(Self.shortestWait, backoff.next(at: now, chance: chance))
    return max(hasMoved ? min(wait, eagerInterval) : wait, retryAfter)
  }
}
