extension FlagSet {
  /// What `--help` prints: how to call the program or the command, and the flags that it takes, under their headings.
  /// Text is wrapped to `width` columns.
  package func help(for command: Command = .main, width: Int = 100) -> String {
    var lines = usage(of: command)
    lines.append("")
    lines += Wrapping.lines(of: command == .main ? summary : command.help, width: width)
    if command == .main && !commands.isEmpty { lines += commandList(width: width) }
    for index in sections.indices {
      let flags = declarations.filter { $0.section == index && isTaken($0, by: command) }
      guard !flags.isEmpty else { continue }
      lines += ["", "\(sections[index].title):"]
      for flag in flags { lines += entry(of: flag, width: width) }
    }
    lines += ["", "Help:", "  -h, --help", "          Print this and exit.", "      --version"]
    lines.append("          Print the version and exit.")
    return lines.joined(separator: "\n") + "\n"
  }

  private func usage(of command: Command) -> [String] {
    let shown = command == .main ? [.main] + commands : [command]
    return ["Usage:"]
      + shown.map { shown in
        "  " + ([program, shown.name] + shown.arguments + ["[flags]"]).filter { !$0.isEmpty }.joined(separator: " ")
      }
  }

  private func commandList(width: Int) -> [String] {
    var lines = ["", "Commands:"]
    for command in commands {
      lines.append("  " + ([command.name] + command.arguments).joined(separator: " "))
      lines += Wrapping.lines(of: command.help, width: width, indent: 10)
    }
    return lines
  }

  private func entry(of flag: Declaration, width: Int) -> [String] {
    let short = flag.short ?? (flag.name.count == 1 ? flag.name.first : nil)
    var head = short.map { "  -\($0)" } ?? "    "
    if flag.name.count > 1 { head += (short == nil ? "  " : ", ") + "--\(flag.name)" }
    if !flag.placeholder.isEmpty { head += " \(flag.placeholder)" }

    var notes: [String] = []
    if let text = flag.defaultText { notes.append("default \(text.isEmpty ? "\"\"" : text)") }
    if flag.arity == .list { notes.append("may be repeated") }
    if let variable = flag.environment { notes.append("environment: \(variable)") }
    let text = notes.isEmpty ? flag.help : "\(flag.help) (\(notes.joined(separator: "; ")))"
    return [head] + Wrapping.lines(of: text, width: width, indent: 10)
  }
}
