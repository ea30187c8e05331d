import Testing
import YAML

struct BoundTests {
  @Test("64 levels are read, 65 are not")
  func depth() throws {
    let nested = { (levels: Int) in
      Array((String(repeating: "[", count: levels) + String(repeating: "]", count: levels)).utf8)
    }
    #expect(try YAML.documents(nested(64)).count == 1)
    #expect(throws: YAMLError.self) { try YAML.documents(nested(65)) }
  }

  @Test("Aliases cannot nest deeper than the bound")
  func depthThroughAliases() {
    var text = "a0: &a0 []\n"
    for level in 1...70 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
    #expect {
      try YAML.documents(Array(text.utf8))
    } throws: { error in
      "\(error)".contains("nest deeper than 64 levels")
    }
  }

  @Test("An alias bomb is stopped before it is written out")
  func aliasBomb() {
    var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
    for level in 1...9 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    #expect {
      try YAML.documents(Array(text.utf8))
    } throws: { error in
      "\(error)".contains("once its aliases are written out")
    }
  }

  @Test("A text above the bound is refused unread")
  func size() {
    var limits = YAML.Limits()
    limits.bytes = 4
    #expect(throws: YAMLError("the text has 5 bytes, more than the 4 allowed")) {
      try YAML.documents(Array("a: 12".utf8), limits: limits)
    }
  }

  @Test("Every beginning of a text is read or refused, never worse")
  func truncation() {
    let text = Array("a: &x {b: [1, \"two\\n\", 'three']}\nc: |\n  four\nd: *x\n---\n? e\n: !!str 5\n".utf8)
    for length in 0...text.count {
      do {
        #expect(try YAML.documents(Array(text[..<length])).count <= 2)
      } catch {
        #expect(!"\(error)".isEmpty)
      }
    }
  }
}
