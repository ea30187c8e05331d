/// The flags of a program, declared one after another; then its arguments are parsed by them.
///
///     var flags = FlagSet(program: "metrics-router-server", version: "1.0.0", summary: "Serves metrics.")
///     let port = flags.integer("secure-port", default: 6443, in: 1...65_535, "The port to serve on.")
///     let values = try flags.parse(Array(CommandLine.arguments.dropFirst()))
///     values[port]
///
/// Declaring a name twice is a mistake of the program and stops it.
package struct FlagSet: Sendable {
  /// A heading of the help, and the commands that its flags belong to.
  struct Section: Sendable {
    let title: String
    /// Empty for all of them.
    let commands: [Command]
  }

  let program: String
  let version: String
  let summary: String
  private(set) var sections: [Section] = [Section(title: "Flags", commands: [])]
  private(set) var declarations: [Declaration] = []
  private(set) var commands: [Command] = []

  /// `version` is what `--version` prints after the name of the program; `summary` is a sentence or a few on what the
  /// program is for, wrapped when it is shown.
  package init(program: String, version: String, summary: String) {
    self.program = program
    self.version = version
    self.summary = summary
  }

  /// Puts the flags declared from here on under a heading: `Serving`, without a colon. The named commands take these
  /// flags, or all of them when none is named; ``Command/main`` is the program without a subcommand.
  package mutating func section(_ title: String, for commands: Command...) {
    sections.append(Section(title: title, commands: commands))
  }

  /// Declares a subcommand, which is chosen by the first word that is not a flag. `arguments` are names, in capitals, for
  /// the words that must follow it; `FILE...` for one or more of them.
  package mutating func command(_ name: String, arguments: String..., help: String) -> Command {
    precondition(!commands.contains { $0.name == name }, "command \(name) is declared twice")
    let command = Command(name: name, arguments: arguments, help: help)
    commands.append(command)
    return command
  }

  mutating func declare<Value>(
    _ name: String, short: Character?, arity: Declaration.Arity, type: ValueType<Value>, defaultText: String?,
    environment: String?, help: String, accumulate: @escaping @Sendable ((any Sendable)?, String) -> (any Sendable)?
  ) {
    precondition(
      !declarations.contains {
        $0.name == name || $0.short.map(String.init) == name || ($0.short != nil && $0.short == short)
      },
      "flag \(name) is declared twice")
    declarations.append(
      Declaration(
        name: name, short: short, arity: arity, placeholder: type.placeholder, expectation: type.expectation,
        defaultText: defaultText, environment: environment, help: help, section: sections.count - 1,
        accumulate: accumulate))
  }

  /// Whether a flag is one of those that a command takes.
  func isTaken(_ declaration: Declaration, by command: Command) -> Bool {
    let takers = sections[declaration.section].commands
    return takers.isEmpty || takers.contains(command)
  }
}
