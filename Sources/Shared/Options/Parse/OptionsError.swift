/// What is wrong with the arguments. `description` is for the person who typed them.
package enum OptionsError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What a program exits with after one of these.
  package static let exitCode: Int32 = 2

  case unknownFlag(String, suggestion: String?)
  case missingValue(flag: String, expected: String)
  case invalidValue(String, origin: String, expected: String)
  /// The flag belongs to other commands than the one given.
  case foreignFlag(String, command: String)
  case missingFlag(String)
  case unknownCommand(String, suggestion: String?)
  case unexpectedArgument(String)
  case missingArgument(String, command: String)

  package var description: String {
    switch self {
    case .unknownFlag(let flag, let suggestion): "unknown flag: \(flag)" + Self.hint(suggestion)
    case .missingValue(let flag, let expected): "\(flag) needs a value: expected \(expected)"
    case .invalidValue(let value, let origin, let expected):
      "invalid value \(value.debugDescription) for \(origin): expected \(expected)"
    case .foreignFlag(let flag, let command):
      command.isEmpty ? "\(flag) needs a command that takes it" : "\(flag) is not a flag of the command \(command)"
    case .missingFlag(let flag): "\(flag) is required"
    case .unknownCommand(let word, let suggestion): "unknown command: \(word)" + Self.hint(suggestion)
    case .unexpectedArgument(let word): "unexpected argument: \(word.debugDescription)"
    case .missingArgument(let name, let command): "\(command) needs an argument: \(name)"
    }
  }

  private static func hint(_ suggestion: String?) -> String {
    suggestion.map { " (did you mean \($0)?)" } ?? ""
  }
}
