/// How many requests may be sent a second time: a fifth of all, so that a backend in trouble does not get twice the load.
struct RetryBudget {
  /// In twentieths of a retry, so that nothing is lost in rounding.
  private static let retry = 20
  private static let share = 4
  /// So that a quiet source, or a burst of connections that end at once, is not left without.
  private static let most = 10 * retry

  private var balance = most

  /// Counts a request that is sent for the first time.
  mutating func earn() { balance = min(Self.most, balance + Self.share) }

  /// Takes one retry; false where there is none left.
  mutating func spend() -> Bool {
    guard balance >= Self.retry else { return false }
    balance -= Self.retry
    return true
  }
}
