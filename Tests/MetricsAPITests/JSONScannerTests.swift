import MetricsAPI
import Testing

@Suite struct JSONScannerTests {
  @Test(arguments: [
    "null", " true ", "false", "0", "-0.5e+10", "1E5", #""a\"\\\/\b\f\n\r\t\u00eF""#, "[]", "[ 1 , [ ] ]", "{ }",
    #"{"a":{"b\n":[1,2]},"c":""}"#, #"{"\u0061":1}"#,
  ])
  func `JSON is accepted`(text: String) throws {
    try JSONScanner.validate(Array(text.utf8)[...])
  }

  @Test(arguments: [
    "", " ", "nul", "True", "01", "1.", ".5", "-", "1e", "+1", "'a'", "\"a", #""\x""#, #""\u12G4""#, #""\u123"#,
    "\"\u{1}\"", "[1,]", "[1 2]", "[", "{a:1}", #"{"a"}"#, #"{"a":1,}"#, "{}{}", "1 2", #"{"a":}"#,
  ])
  func `What is no JSON is refused`(text: String) {
    #expect(throws: JSONScanner.Failure.self) { try JSONScanner.validate(Array(text.utf8)[...]) }
  }

  @Test func `Depth is bounded`() throws {
    let nested = { (depth: Int) in
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)[...]
    }
    try JSONScanner.validate(nested(JSONScanner.maximumDepth))
    #expect(throws: JSONScanner.Failure.self) { try JSONScanner.validate(nested(JSONScanner.maximumDepth + 1)) }
    #expect(throws: JSONScanner.Failure.self) { try JSONScanner.validate(nested(1_000_000)) }
  }

  @Test func `Of a repeated field the last counts, and an escaped name is refused`() throws {
    let fields = try JSONScanner.fields(Array(#"{"a":1,"a": 2 }"#.utf8)[...])
    #expect(fields["a"].map { String(decoding: $0, as: UTF8.self) } == "2")
    #expect(throws: JSONScanner.Failure.self) { try JSONScanner.fields(Array(#"{"\u0061":1}"#.utf8)[...]) }
  }
}
