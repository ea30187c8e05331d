import Testing

@testable import Routing

@Suite struct PrefixIndexTests {
  private func found(_ prefixes: [String], in text: String) -> [String] {
    let index = PrefixIndex(prefixes.enumerated().map { (Array($1.utf8), Int32($0)) })
    var found: [String] = []
    index.forEach(prefixOf: text) { found.append(prefixes[Int($0)]) }
    return found.sorted()
  }

  @Test func `All prefixes of a text are found, the empty one and the text itself too`() {
    let prefixes = ["", "team-1", "team-10-", "team-1-", "team-", "t", "u", "team-1-x", "ab", "s"]
    #expect(found(prefixes, in: "team-1-x") == ["", "t", "team-", "team-1", "team-1-", "team-1-x"])
    #expect(found(prefixes, in: "team-10-y") == ["", "t", "team-", "team-1", "team-10-"])
    #expect(found(prefixes, in: "team") == ["", "t"])
    #expect(found(prefixes, in: "zebra") == [""])
    #expect(found(prefixes, in: "") == [""])
    #expect(found(["b", "c"], in: "a").isEmpty)
    #expect(found([], in: "a").isEmpty)
  }

  @Test func `What is filed under one prefix is found together`() {
    #expect(found(["a", "a", "b", "a"], in: "ab") == ["a", "a", "a"])
  }

  @Test func `The prefixes found are those that there are`() {
    var random = SeededGenerator(7)
    let text = { (random: inout SeededGenerator) in
      String((0..<Int.random(in: 0...5, using: &random)).map { _ in "ab".randomElement(using: &random) ?? "a" })
    }
    for _ in 0..<500 {
      let prefixes = (0..<20).map { _ in text(&random) }
      let name = text(&random)
      #expect(found(prefixes, in: name) == prefixes.filter(name.hasPrefix).sorted())
    }
  }
}
