/// Goes through the arguments from left to right.
struct ArgumentReader {
  private(set) var values: [String: any Sendable] = [:]
  /// In the order they came, for what is checked when the command is known.
  private(set) var given: [Declaration] = []
  private(set) var words: [String] = []
  private(set) var wantsHelp = false
  private(set) var wantsVersion = false
  private let declarations: [Declaration]

  init(declarations: [Declaration]) {
    self.declarations = declarations
  }

  mutating func read(_ arguments: [String]) throws(OptionsError) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        words += rest
        return
      }
      guard argument.hasPrefix("-"), argument != "-" else {
        words.append(argument)
        continue
      }
      try readFlag(argument, rest: &rest)
    }
  }

  private mutating func readFlag(_ argument: String, rest: inout ArraySlice<String>) throws(OptionsError) {
    let isLong = argument.hasPrefix("--")
    let parts = argument.dropFirst(isLong ? 2 : 1).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let inline = parts.count == 2 ? String(parts[1]) : nil

    guard let declaration = declarations.first(where: { $0.answers(to: name, isLong: isLong) }) else {
      switch name {
      case "help" where isLong, "h": wantsHelp = true
      case "version" where isLong: wantsVersion = true
      default: throw .unknownFlag((isLong ? "--" : "-") + name, suggestion: suggestion(for: name))
      }
      return
    }
    let text: String
    if let inline {
      text = inline
    } else if declaration.arity == .toggle {
      text = "true"
    } else if let next = rest.first, !next.hasPrefix("--") {
      // A value may begin with one dash, as a negative number does; with two it is a flag, and the value was forgotten.
      text = next
      rest.removeFirst()
    } else {
      throw .missingValue(flag: declaration.spelling, expected: declaration.expectation)
    }
    try set(declaration, to: text, origin: declaration.spelling)
    given.append(declaration)
  }

  /// Takes from the environment what the arguments did not say.
  mutating func complete(from environment: (String) -> String?) throws(OptionsError) {
    for declaration in declarations where values[declaration.name] == nil {
      guard let variable = declaration.environment, let text = environment(variable) else { continue }
      try set(declaration, to: text, origin: "\(declaration.spelling) from the environment variable \(variable)")
    }
  }

  private mutating func set(_ declaration: Declaration, to text: String, origin: String) throws(OptionsError) {
    guard let value = declaration.accumulate(values[declaration.name], text) else {
      throw .invalidValue(text, origin: origin, expected: declaration.expectation)
    }
    values[declaration.name] = value
  }

  private func suggestion(for name: String) -> String? {
    let names = declarations.map(\.name) + ["help", "version"]
    return Suggestion.nearest(to: name, among: names).map { $0.count == 1 ? "-\($0)" : "--\($0)" }
  }
}

extension Declaration {
  /// One letter is taken with one dash or two, as Go's flags do; more need two.
  fileprivate func answers(to given: String, isLong: Bool) -> Bool {
    if given == name { return isLong || name.count == 1 }
    return !isLong && given == short.map(String.init)
  }
}
