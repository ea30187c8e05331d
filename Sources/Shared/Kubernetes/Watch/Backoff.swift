/// How long to wait after failures: twice as long each time, up to a cap, with full jitter, and from the start again
/// after a while without failure. A value apart from clocks: time and chance are handed in.
package struct Backoff: Sendable {
  /// The longest first wait.
  package let base: Duration
  /// The longest of all waits.
  package let cap: Duration
  /// After so long without a failure the next one counts as the first.
  package let resetAfter: Duration
  /// Since the last start from the beginning.
  package private(set) var failures = 0
  private var lastFailure: Duration?

  /// The defaults are those of client-go's reflector.
  package init(
    base: Duration = .milliseconds(800), cap: Duration = .seconds(30), resetAfter: Duration = .seconds(120)
  ) {
    self.base = base
    self.cap = cap
    self.resetAfter = resetAfter
  }

  /// The wait after a failure at `now`, on any clock that only moves forward. `chance` is from 0 to 1.
  package mutating func next(at now: Duration, chance: Double) -> Duration {
    if let lastFailure, now - lastFailure > resetAfter { failures = 0 }
    lastFailure = now
    let doublings = min(failures, 30)
    failures += 1
    let full = min(cap, base * (1 << doublings))
    return full * max(0, min(1, chance))
  }

  /// Begins anew, after a success.
  package mutating func reset() {
    failures = 0
    lastFailure = nil
  }
}
