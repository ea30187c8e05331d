import Options

/// How `routes` and `explain` write what they found.
enum OutputFormat: String, CaseIterable, Sendable {
  /// For people.
  case text
  /// For people, with more of it.
  case wide
  /// For programs, by the schema of `docs/cli.md`.
  case json
  /// The same as JSON.
  case yaml

  static func declare(_ flags: inout FlagSet) -> Flag<OutputFormat> {
    flags.choice(
      "output", short: "o", default: OutputFormat.text,
      "How it is written: for people, with more (wide), or for programs (json, yaml).")
  }
}
