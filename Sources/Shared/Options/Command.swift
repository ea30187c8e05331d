/// A subcommand, as `routes` in `metrics-router-server routes`.
package struct Command: Sendable, Equatable {
  package let name: String
  /// The names, in capitals, of the words that must follow.
  package let arguments: [String]
  let help: String

  /// The program run without a subcommand.
  package static let main = Command(name: "", arguments: [], help: "")
}
