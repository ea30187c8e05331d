import EventLoop

/// Spares a source that is down its requests, and the callers the wait: after so many failures in a row the source is not
/// asked for a while, then once, and only when that succeeds again by all. A value apart from I/O; one for each source and
/// event loop.
struct CircuitBreaker {
  struct Settings: Sendable {
    /// Failures in a row that open it; 0 never does.
    var failures = 5
    /// How long it stays open first; doubled after each failed probe, up to ``longest``.
    var pause = Duration.seconds(5)
    var longest = Duration.seconds(30)
  }

  enum State: String, Sendable {
    case closed
    case open
    /// A probe is under way, or due.
    case halfOpen = "half-open"
  }

  /// For a request that can be the probe: an autoscaler asks every 15 s.
  private static let patience = Duration.seconds(60)

  private let settings: Settings
  private var failures = 0
  private var pause: Duration
  private var probeAt: MonotonicTime?
  private var isProbing = false
  /// What the last failure was, for whoever is turned away.
  private(set) var lastFailure = ""

  init(_ settings: Settings) {
    self.settings = settings
    pause = settings.pause
  }

  func state(at now: MonotonicTime) -> State {
    guard let probeAt else { return .closed }
    return isProbing || probeAt <= now ? .halfOpen : .open
  }

  /// Whether requests have been turned away lately, or are to be: not where a probe has been due for so long that it is
  /// requests that are missing, which says nothing of the source.
  func isInForce(at now: MonotonicTime) -> Bool {
    guard let probeAt else { return false }
    return isProbing || now < probeAt + Self.patience
  }

  /// Nil where a request may be sent, whose end must then be told by ``succeeded()``, ``failed(_:at:)`` or
  /// ``abandoned()``; else how long it will be until one may.
  mutating func timeToWait(at now: MonotonicTime) -> Duration? {
    guard let probeAt else { return nil }
    if probeAt <= now, !isProbing {
      isProbing = true
      return nil
    }
    return isProbing ? .seconds(1) : probeAt.since(now)
  }

  mutating func succeeded() {
    failures = 0
    pause = settings.pause
    probeAt = nil
    isProbing = false
  }

  mutating func failed(_ reason: String, at now: MonotonicTime) {
    lastFailure = reason
    failures += 1
    if isProbing {
      pause = min(pause * 2, settings.longest)
    } else if probeAt != nil || settings.failures == 0 || failures < settings.failures {
      // One that was sent before it opened says nothing new.
      return
    }
    isProbing = false
    probeAt = now + pause
  }

  /// The request came to no end that says anything of the source.
  mutating func abandoned() { isProbing = false }
}
