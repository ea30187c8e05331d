/// A flag without its type: what parsing and help need of it.
struct Declaration: Sendable {
  /// Whether `--flag` alone is a value, and whether giving it again adds one.
  enum Arity: Sendable, Equatable {
    case toggle
    case single
    case list
  }

  let name: String
  let short: Character?
  let arity: Arity
  let placeholder: String
  let expectation: String
  /// As it is shown; nil where there is none worth showing.
  let defaultText: String?
  let environment: String?
  let help: String
  let section: Int
  /// Takes what there is so far, and the text of one more value; nil when that is not a value.
  let accumulate: @Sendable (_ soFar: (any Sendable)?, _ text: String) -> (any Sendable)?

  /// As a person would type it.
  var spelling: String { name.count == 1 ? "-\(name)" : "--\(name)" }
}
