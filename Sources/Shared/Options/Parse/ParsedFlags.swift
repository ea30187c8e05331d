/// The values of the flags, and what the other words say.
package struct ParsedFlags: Sendable {
  /// Set after `--help` or `--version`: to be printed, and nothing else done.
  package let answer: String?
  package let command: Command
  /// As many as the command has names for, or more where its last name is `FILE...`.
  package let arguments: [String]
  private let values: [String: any Sendable]

  init(answer: String? = nil, command: Command = .main, arguments: [String] = [], values: [String: any Sendable] = [:])
  {
    self.answer = answer
    self.command = command
    self.arguments = arguments
    self.values = values
  }

  package subscript<Value>(flag: Flag<Value>) -> Value {
    guard let value = values[flag.name], let value = value as? Value else { return flag.fallback }
    return value
  }

  /// Whether the flag was given, by argument or by environment.
  package func isSet<Value>(_ flag: Flag<Value>) -> Bool { values[flag.name] != nil }

  /// The value of a flag that has no default and cannot be done without.
  package func required<Value>(_ flag: Flag<Value?>) throws(OptionsError) -> Value {
    guard let value = self[flag] else { throw .missingFlag("--\(flag.name)") }
    return value
  }
}
