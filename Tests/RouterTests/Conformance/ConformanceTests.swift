import Foundation
import HTTP
import Testing

@Suite(.serialized) struct ConformanceTests {
  private static let document = URL(filePath: #filePath)
    .deletingLastPathComponent().appending(path: "../../../docs/protocol-conformance.md").standardized

  @Test(arguments: ConformanceSection.all, [HTTPServer.http1, HTTPServer.http2])
  func `every case of the protocol is answered as it should be`(
    _ section: ConformanceSection, _ version: String
  ) async throws {
    _ = try await check(section, version)
  }

  /// With `UPDATE_DOCS=1` in the environment it is written anew.
  @Test func `the document shows what the router answers`() async throws {
    var document = ConformanceDocument()
    for section in ConformanceSection.all {
      document.append(section, try await check(section, HTTPServer.http1))
    }
    if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" {
      try document.text.write(to: Self.document, atomically: true, encoding: .utf8)
    }
    let written = try String(contentsOf: Self.document, encoding: .utf8).components(separatedBy: "\n")
    let expected = document.text.components(separatedBy: "\n")
    for (index, (found, line)) in zip(written, expected).enumerated() where found != line {
      Issue.record("docs/protocol-conformance.md:\(index + 1) is\n\(found)\nand should be\n\(line)")
      break
    }
    #expect(written.count == expected.count, "docs/protocol-conformance.md is out of date: UPDATE_DOCS=1")
  }

  /// What the router answers to every case of a section that can be asked in `version`.
  private func check(_ section: ConformanceSection, _ version: String) async throws -> [Observation] {
    let router = try ConformanceRouter(version)
    var observations: [Observation] = []
    for example in section.cases where version == HTTPServer.http1 || example.request.bytes == nil {
      let observation = try await router.observe(example)
      for problem in example.problems(observation, version: version) {
        Issue.record("\(section): \(example.fact) (\(example.request.target))\n\(problem)")
      }
      observations.append(observation)
    }
    await router.end()
    return observations
  }
}
