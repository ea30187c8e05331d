import MetricsAPI
import Testing

@Suite struct PrettyJSONTests {
  private func indent(_ text: String, limit: Int = 1 << 20) throws -> String {
    String(decoding: try PrettyJSON.indent(Array(text.utf8), limit: limit), as: UTF8.self)
  }

  @Test func `Values are indented by two spaces, empty ones and strings stay whole`() throws {
    #expect(
      try indent(#"{"kind":"L","metadata":{},"items":[{"a":[],"b":[1,-2.50,null ]} , "x{,:]\"}\\" ]}"# + "\n") == #"""
        {
          "kind": "L",
          "metadata": {},
          "items": [
            {
              "a": [],
              "b": [
                1,
                -2.50,
                null
              ]
            },
            "x{,:]\"}\\"
          ]
        }
        """#)
  }

  @Test(arguments: ["1", "\"a b\"", "null", "{}", "[]"])
  func `A value that holds nothing is left as it is`(text: String) throws {
    #expect(try indent(" \t\(text)\r\n") == text)
  }

  @Test func `Indented text indents to itself`() throws {
    let once = try indent(#"[{"a":{"b":[[],{},[1]]}},"\u00e9é"]"#)
    #expect(try indent(once) == once)
  }

  @Test(arguments: ["", "{", "[1,]", "{}{}", "\"a", "{\"a\":}"])
  func `What is no JSON is refused`(text: String) {
    #expect(throws: PrettyJSON.Failure.self) { try indent(text) }
  }

  @Test func `Depth and length are bounded`() throws {
    let nested = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    let lines = (0..<63).map { String(repeating: "  ", count: $0) }
    let expected =
      lines.map { $0 + "[\n" }.joined() + String(repeating: "  ", count: 63) + "[]\n"
      + lines.reversed().map { $0 + "]" }.joined(separator: "\n")
    #expect(try indent(nested(64)) == expected)
    #expect(throws: PrettyJSON.Failure.notJSON(offset: 64)) { try indent(nested(65)) }
    let deep =
      String(repeating: "[", count: 60) + "1" + String(repeating: ",1", count: 10_000)
      + String(repeating: "]", count: 60)
    #expect(throws: PrettyJSON.Failure.tooLong(limit: 100_000)) { try indent(deep, limit: 100_000) }
  }
}
