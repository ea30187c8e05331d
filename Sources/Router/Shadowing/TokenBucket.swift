import EventLoop

/// Lets so many through in a second, and as many at once after a pause. A value apart from I/O.
struct TokenBucket {
  private let rate: Double
  private var tokens: Double
  private var filledAt: MonotonicTime

  /// Full at first; `rate` is above zero.
  init(rate: Int, now: MonotonicTime) {
    self.rate = Double(rate)
    tokens = Double(rate)
    filledAt = now
  }

  /// Whether one may pass at `now`.
  mutating func take(at now: MonotonicTime) -> Bool {
    tokens = min(rate, tokens + now.since(filledAt).inSeconds * rate)
    filledAt = max(filledAt, now)
    guard tokens >= 1 else { return false }
    tokens -= 1
    return true
  }
}
