/// Which token may be shown, and when to ask for the next one. A value apart from clocks, chance and the network.
///
/// Two hours are asked for, and the next token after a third of them: so one always has 80 minutes left, and an API server
/// that is away for half an hour is not noticed, whatever the moment. This holds too where the cluster grants an hour, the
/// least that kube-apiserver lets one set (`--service-account-max-token-expiration`). The former token is shown until the
/// next one is there, and never beyond its own end.
package struct TokenSchedule: Sendable {
  /// What is asked for.
  package static let lifetime = Duration.seconds(7200)
  /// How long before its end a token is no longer shown: it takes a moment to get to who reviews it.
  static let margin = Duration.seconds(10)
  /// At least, between a request that was answered and the next one. A backend that accepts no token cannot have more made.
  static let pause = Duration.seconds(60)
  private static let shortestWait = Duration.milliseconds(200)

  enum Step: Equatable {
    case ask
    /// The token in use has ended, and there is no other.
    case ended
    case wait(Duration)
  }

  private var token: (text: String, end: Duration)?
  /// From when on the next one is to be asked for.
  private var due: Duration
  /// When the token in use was asked for.
  private var askedAt: Duration?
  /// Until then the API server is left alone after a request that failed, whatever backends say of the token in use.
  private var notBefore: Duration?
  private var backoff = Backoff(base: .seconds(1), cap: .seconds(60))
  private let pause: Duration

  /// Times are those of any clock that only moves forward.
  init(at now: Duration, pause: Duration = Self.pause) {
    due = now
    self.pause = pause
  }

  /// The token that may be shown at that time.
  func usable(at now: Duration) -> String? { token.flatMap { now < $0.end ? $0.text : nil } }

  /// For how long; nil where there is none.
  func remaining(at now: Duration) -> Duration? { token.flatMap { now < $0.end ? $0.end - now : nil } }

  mutating func next(at now: Duration) -> Step {
    if let token, token.end <= now {
      self.token = nil
      return .ended
    }
    if due <= now { return .ask }
    return .wait(min(due, token?.end ?? due) - now)
  }

  /// A token has come. Up to a tenth of the wait is left to chance (from 0 to 1), so that processes that began together do
  /// not ask together for ever.
  mutating func received(_ granted: GrantedToken, askedAt: Duration, chance: Double) {
    backoff.reset()
    self.askedAt = askedAt
    notBefore = nil
    token = (granted.text, askedAt + granted.lifetime - Self.margin)
    due = askedAt + max(granted.lifetime / 3 * (1 - 0.1 * max(0, min(1, chance))), Self.margin)
  }

  /// None has come; the one in use stays.
  mutating func failed(at now: Duration, chance: Double) {
    due = now + max(Self.shortestWait, backoff.next(at: now, chance: chance))
    notBefore = due
  }

  /// A backend does not accept the token: it may have been revoked. Says whether the next one is asked for sooner than it
  /// would have been.
  mutating func refused(at now: Duration) -> Bool {
    guard let askedAt else { return false }
    let sooner = max(now, askedAt + pause, notBefore ?? now)
    guard sooner < due else { return false }
    due = sooner
    return true
  }
}
