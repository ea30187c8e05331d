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

  @Test func `Each byte of a string is looked at, wherever it stands`() throws {
    for length in 0..<40 {
      for place in 0..<max(length, 1) {
        var text = [UInt8](repeating: UInt8(ascii: "x"), count: length)
        text.insert(0x80, at: min(place, length))
        let quoted = { (byte: UInt8) in
          var bytes = text
          bytes[min(place, length)] = byte
          return [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
        }
        try JSONScanner.validate(quoted(0x80)[...])
        try JSONScanner.validate(quoted(0xFF)[...])
        try JSONScanner.validate(quoted(0x20)[...])
        for byte: UInt8 in [0x00, 0x0A, 0x1F, UInt8(ascii: "\"")] {
          #expect(throws: JSONScanner.Failure.self, "\(byte) at \(place) of \(length)") {
            try JSONScanner.validate(quoted(byte)[...])
          }
        }
        // Neither `\x` nor a quote that is taken along ends a string well.
        #expect(throws: JSONScanner.Failure.self) { try JSONScanner.validate(quoted(UInt8(ascii: "\\"))[...]) }
      }
    }
  }
}
