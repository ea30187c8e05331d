import EventLoop

/// How many frames a peer may send that move no request on: PING, SETTINGS, PRIORITY, RST_STREAM, empty DATA. An honest
/// peer sends few; a flood of them costs this side more than the other (CVE-2019-9512 to 9518, CVE-2023-44487).
struct FrameBudget {
  /// At once, and as many as a connection of kube-apiserver may cancel when it restarts.
  static let burst = 2000
  static let perSecond = 200

  private var left = burst
  private var filledAt: MonotonicTime?

  /// Takes one. False when there is none left at `now`.
  mutating func take(at now: MonotonicTime) -> Bool {
    let last = filledAt ?? now
    let seconds = Int(now.since(last).components.seconds)
    if filledAt == nil || seconds > 0 {
      left = min(Self.burst, left + min(seconds, Self.burst) * Self.perSecond)
      filledAt = now
    }
    guard left > 0 else { return false }
    left -= 1
    return true
  }
}
