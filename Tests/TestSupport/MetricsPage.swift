import Foundation

/// The tables of `docs/metrics.md`, one for each process, between a line that names it and one that ends it:
/// `<!-- metrics of the controller -->`, `<!-- end -->`. They are made of what the process's registry says.
package enum MetricsPage {
  package struct Row: Sendable, Equatable {
    package var name: String
    package var type: String
    package var labels: [String]
    package var help: String

    package init(name: String, type: String, labels: [String], help: String) {
      self.name = name
      self.type = type
      self.labels = labels
      self.help = help
    }

    fileprivate var line: String {
      let labels = labels.map { "`\($0)`" }.joined(separator: ", ")
      return "| `\(name)` | \(type) | \(labels) | \(help.replacingOccurrences(of: "|", with: #"\|"#)) |"
    }
  }

  /// Where the document stands in the repository.
  private static let document = URL(filePath: #filePath)
    .deletingLastPathComponent().appending(path: "../../docs/metrics.md").standardized

  /// The names of metrics that stand in the sources of a process, in `Sources/<folder>`.
  package static func names(in folder: String) throws -> Set<String> {
    let sources = document.deletingLastPathComponent().appending(path: "../Sources/\(folder)").standardized
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
    var names: Set<String> = []
    for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      names.formUnion(text.matches(of: /"(metrics_router_[a-z_]+)"/).map { String($0.1) })
    }
    return names
  }

  /// What the document has in place of the table of `process`, which is to be as `rows` say; nil where it has that. With
  /// `UPDATE_DOCS=1` in the environment it is written anew first.
  package static func difference(_ process: String, _ rows: [Row]) throws -> String? {
    let table = (["| name | type | labels | meaning |", "|---|---|---|---|"] + rows.map(\.line)).joined(separator: "\n")
    var text = try String(contentsOf: document, encoding: .utf8)
    let begin = "<!-- metrics of the \(process) -->\n"
    guard let start = text.range(of: begin)?.upperBound,
      let end = text.range(of: "\n<!-- end -->", range: start..<text.endIndex)?.lowerBound
    else { return "docs/metrics.md has no line \(begin)" }
    if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" {
      text.replaceSubrange(start..<end, with: table)
      try text.write(to: document, atomically: true, encoding: .utf8)
      return nil
    }
    let written = text[start..<end].components(separatedBy: "\n")
    let expected = table.components(separatedBy: "\n")
    if written == expected { return nil }
    let surplus = written.filter { !expected.contains($0) }.map { "  - \($0)" }
    let missing = expected.filter { !written.contains($0) }.map { "  + \($0)" }
    return "docs/metrics.md is out of date for the \(process): UPDATE_DOCS=1 swift test --filter MetricsPage\n"
      + (surplus + missing).joined(separator: "\n")
  }
}
