/// A subcommand, as `routes` in `metrics-router-server routes`.
package struct Command: Sendable, Equatable {
  package let name: String
  /// The names, in capitals, of the words that must follow. A last one that ends with `...` takes all that are left, at
  /// least one.
  package let arguments: [String]
  let help: String

  var takesMore: Bool { arguments.last?.hasSuffix("...") == true }

  /// The program run without a subcommand.
  package static let main = Command(name: "", arguments: [], help: "")
}
