/// How many interim responses (1xx) may come before the final one: nobody asks for any, and a backend that sends nothing
/// else would be read for as long as it likes.
struct InterimBudget {
  static let most = 16

  private var left = most

  /// Takes one. False when there is none left.
  mutating func take() -> Bool {
    guard left > 0 else { return false }
    left -= 1
    return true
  }
}
