import EventLoop

/// When to speak of a certificate that nobody has renewed: once a day from 25 days before its end, as an error from 7 days
/// before, and at once when a warning becomes an error. Who renews with 30 days left, as the controller and cert-manager do
/// with a certificate of 90, has five for it.
struct ExpiryNotice: Sendable {
  enum Gravity: Sendable {
    case warning
    case error
  }

  private static let warningSeconds = 25 * 86_400
  private static let errorSeconds = 7 * 86_400
  private static let interval = Duration.seconds(86_400)

  private var last: (gravity: Gravity, at: MonotonicTime)?

  /// How gravely to speak of it now; nil for not at all. `secondsToExpiry` is negative once the certificate has ended.
  mutating func due(secondsToExpiry: Int, at now: MonotonicTime) -> Gravity? {
    guard secondsToExpiry < Self.warningSeconds else {
      last = nil
      return nil
    }
    let gravity = secondsToExpiry < Self.errorSeconds ? Gravity.error : .warning
    if let last, last.gravity == gravity, now.since(last.at) < Self.interval { return nil }
    last = (gravity, now)
    return gravity
  }
}
