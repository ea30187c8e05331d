extension FlagSet {
  /// Reads the arguments, without the name of the program.
  ///
  /// - Throws: ``OptionsError``: print its description on standard error and exit with ``OptionsError/exitCode``.
  package func parse(
    _ arguments: [String], environment: (String) -> String? = Environment.read
  ) throws(OptionsError) -> ParsedFlags {
    var reader = ArgumentReader(declarations: declarations)
    try reader.read(arguments)
    if reader.wantsVersion { return ParsedFlags(answer: "\(program) \(version)\n") }
    var words = reader.words[...]
    let command = try takeCommand(from: &words)
    if reader.wantsHelp { return ParsedFlags(answer: help(for: command), command: command) }

    for declaration in reader.given where !isTaken(declaration, by: command) {
      throw .foreignFlag(declaration.spelling, command: command.name)
    }
    if words.count < command.arguments.count {
      throw .missingArgument(command.arguments[words.count], command: command.name)
    }
    if words.count > command.arguments.count, !command.takesMore {
      throw .unexpectedArgument(words[words.startIndex + command.arguments.count])
    }
    try reader.complete(from: environment)
    return ParsedFlags(command: command, arguments: Array(words), values: reader.values)
  }

  private func takeCommand(from words: inout ArraySlice<String>) throws(OptionsError) -> Command {
    guard let word = words.first, !commands.isEmpty else { return .main }
    guard let command = commands.first(where: { $0.name == word }) else {
      throw .unknownCommand(word, suggestion: Suggestion.nearest(to: word, among: commands.map(\.name)))
    }
    words.removeFirst()
    return command
  }
}
