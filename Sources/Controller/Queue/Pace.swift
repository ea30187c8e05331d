/// When something costly may be done again that many changes ask for: a moment after the first one, so that many at one
/// time are one, and after a rest that is as much longer as it took the last time. However much changes, most of the time
/// is left to others. A value apart from clocks: time is handed in.
struct Pace: Sendable {
  let debounce: Duration
  /// How many times longer than the work the rest after it is.
  let restFactor: Int
  private var restsUntil: ContinuousClock.Instant?

  init(debounce: Duration, restFactor: Int) {
    self.debounce = debounce
    self.restFactor = restFactor
  }

  mutating func worked(from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) {
    restsUntil = end + (end - start) * restFactor
  }

  /// How long what is asked for at `now` has to wait.
  func delay(at now: ContinuousClock.Instant) -> Duration {
    guard let restsUntil else { return debounce }
    return max(debounce, restsUntil - now)
  }
}
