import Foundation
import Testing

/// `docs/threat-model.md`: each threat has rules and tests, and those are there.
@Suite struct ThreatModelTests {
  private struct Row {
    var threat: String
    var rules: [Int]
    var tests: [String]
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func page() throws -> String {
    try String(contentsOf: root.appending(path: "docs/threat-model.md"), encoding: .utf8)
  }

  /// The rows of the tables behind `## Threats`.
  private static func rows() throws -> [Row] {
    let page = try page()
    let start = try #require(page.range(of: "\n## Threats\n"))
    let lines = page[start.upperBound...].split(separator: "\n").filter {
      $0.hasPrefix("| ") && !$0.hasPrefix("| threat ")
    }
    return lines.map { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      let tests = cells.last?.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
      return Row(
        threat: cells[0], rules: cells.count > 2 ? cells[1].components(separatedBy: ", ").map { Int($0) ?? 0 } : [],
        tests: tests ?? [])
    }
  }

  private static func rules() throws -> [Int] {
    let page = try page()
    let start = try #require(page.range(of: "\n## Rules\n"))
    let end = try #require(page.range(of: "\n## Threats\n"))
    return page[start.upperBound..<end.lowerBound].split(separator: "\n").compactMap { line in
      line.firstIndex(of: ".").flatMap { Int(line[..<$0]) }
    }
  }

  /// The names of all tests: of functions, of their titles, and the sentences of the runs in the shell.
  private static func tests() throws -> Set<String> {
    let folder = root.appending(path: "Tests")
    var names: Set<String> = []
    for file in try FileManager.default.subpathsOfDirectory(atPath: folder.path()) {
      guard file.hasSuffix(".swift") || file.hasSuffix(".bash") else { continue }
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      if file.hasSuffix(".swift") {
        names.formUnion(text.matches(of: #/func `([^`]+)`/#).map { String($0.1) })
        names.formUnion(text.matches(of: #/@Test\(\s*"([^"]+)"/#).map { String($0.1) })
      } else {
        // A sentence may hold a word that the shell puts in.
        names.formUnion(text.matches(of: #/expect "((?:\$\([^)]*\)|[^"])+)"/#).map { String($0.1) })
      }
    }
    return names
  }

  @Test func `each threat is answered by rules and tests that are there`() throws {
    let tests = try Self.tests()
    let rules = try Self.rules()
    let rows = try Self.rows()
    #expect(rows.count > 40)
    #expect(rules == Array(1...rules.count))
    for row in rows {
      #expect(!row.rules.isEmpty && !row.tests.isEmpty, "\(row.threat)")
      for rule in row.rules { #expect(rules.contains(rule), "\(row.threat): there is no rule \(rule)") }
      for test in row.tests { #expect(tests.contains(test), "\(row.threat): there is no test `\(test)`") }
    }
  }

  @Test func `no rule is without a threat`() throws {
    #expect(Set(try Self.rows().flatMap(\.rules)) == Set(try Self.rules()))
  }
}
