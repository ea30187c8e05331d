import Testing
import YAML

@Suite struct EmitTests {
  private func yaml(_ json: String, limits: YAML.Limits = YAML.Limits()) throws -> String {
    String(decoding: try YAML.text(json: Array(json.utf8), limits: limits), as: UTF8.self)
  }

  @Test func `A list of metric values looks as Kubernetes writes it`() throws {
    let json = #"""
      {"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{},"items":[
      {"describedObject":{"kind":"Pod","namespace":"default","name":"a-0","apiVersion":"/v1"},
       "metric":{"name":"foo","selector":null},"timestamp":"2024-01-02T03:04:05Z","windowSeconds":60,"value":"1500m"},
      {"describedObject":{},"metric":{"name":"y","selector":{"matchLabels":{"on":"1","a":"x y"}}},"value":"42"}]}
      """#
    #expect(
      try yaml(json) == """
        apiVersion: custom.metrics.k8s.io/v1beta2
        items:
        - describedObject:
            apiVersion: /v1
            kind: Pod
            name: a-0
            namespace: default
          metric:
            name: foo
            selector: null
          timestamp: "2024-01-02T03:04:05Z"
          value: 1500m
          windowSeconds: 60
        - describedObject: {}
          metric:
            name: "y"
            selector:
              matchLabels:
                a: x y
                "on": "1"
          value: "42"
        kind: MetricValueList
        metadata: {}

        """)
  }

  @Test(arguments: [
    "0", "-1", "1.50", "1e3", "123456789012345678901234567890", "-0.0E+10", "true", "false", "null",
  ])
  func `What is no string keeps its text`(json: String) throws {
    #expect(try yaml(json) == json + "\n")
  }

  @Test(arguments: [
    "", "~", "null", "yes", "On", "n", "True", "12", "-7", "+1", "0x1F", "0o17", "0b1", "017", "1_000", "1.5", ".5",
    "5.",
    "1e3", ".inf", "-.INF", ".NaN", "<<", "=", "1:30", "2024-01-02", "2024-01-02T03:04:05Z", "2001-1-1 1:1:1",
  ])
  func `A string that would read as something else is quoted`(text: String) throws {
    #expect(try yaml("[\"\(text)\"]") == "- \"\(text)\"\n")
  }

  @Test(arguments: [
    "a", "yep", "1500m", "3Gi", "10.0.0.1", "10.0.0.1:443", "v1beta1", "0x", "1e", "+", "2024-01", "20240-01-02", "a:b",
    "x#y", "0xg", "é", "a b",
  ])
  func `A string that can only be a string stands alone`(text: String) throws {
    #expect(try yaml("[\"\(text)\"]") == "- \(text)\n")
  }

  @Test(arguments: [
    "a: b", "a #b", "#a", "- a", "[a", "{a", "*a", "&a", "!a", "|a", ">a", "%a", "@a", "`a", "'a", #"\"a"#, "a:", " a",
    "a ", "?",
    #"\u0000"#, #"\u0007\ttab"#, #"a\nb"#, #"a\nb\n"#, #"\n"#, #"a \n b"#, #"\u2028"#, #"\ud83d\ude00"#, #"\u00e9"#,
    #"\/"#,
    "🙂", "---", "...",
  ])
  func `What is written reads as what it was`(escaped: String) throws {
    let json = "{\"key\":[\"\(escaped)\"],\"\(escaped)\":1}"
    let text = try yaml(json)
    let document = try #require(try YAML.documents(Array(text.utf8)).first)
    let expected = try YAMLValue.text(escaped)
    #expect(document["key"] == .sequence([.string(expected)]))
    #expect(document[expected] == .int(1))
  }

  @Test func `Keys are in natural order, and of a repeated one the last counts`() throws {
    #expect(
      try yaml(#"{"b":1,"a10":1,"a2":1,"a":1,"_":1,"A":1,"a02":1,"b":2,"é":1,"1":1}"#)
        == "_: 1\n\"1\": 1\nA: 1\na: 1\na2: 1\na02: 1\na10: 1\nb: 2\né: 1\n")
  }

  @Test func `Half a surrogate pair becomes the replacement character`() throws {
    #expect(
      try yaml(#"["\ud83d","\ude00x","\ud83d\u0041","\ud83d\ud83d\ude00"]"#) == "- �\n- �x\n- �A\n- \"�\\U0001F600\"\n")
  }

  @Test(arguments: [
    "", " ", "nul", "01", "1.", "-", "[1,]", "[1 2]", "[", "{a:1}", #"{"a"}"#, #"{"a":1,}"#, "{}{}", "\"a", #""\x""#,
    #""\u+123""#, "\"\u{1}\"", "1 2", "+1", "'a'",
  ])
  func `What is no JSON is refused`(json: String) {
    #expect(throws: YAMLError.self) { try yaml(json) }
  }

  @Test func `Depth and length are bounded`() throws {
    let nested = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(try yaml(nested(64)).hasSuffix("- []\n"))
    #expect(throws: YAMLError("values nest deeper than 64 levels")) { try yaml(nested(65)) }
    #expect(throws: YAMLError.self) { try yaml(String(repeating: "[", count: 1_000_000)) }

    var limits = YAML.Limits()
    limits.bytes = 10
    #expect(throws: YAMLError("the text has 11 bytes, more than the 10 allowed")) {
      try yaml("[1,2,3,4,5]", limits: limits)
    }
    limits = YAML.Limits()
    limits.expandedBytes = 1000
    let ones = Array(repeating: "1", count: 100).joined(separator: ",")
    #expect(try yaml("[\(ones)]", limits: limits).utf8.count == 400)
    #expect(throws: YAMLError("the text would be above 1000 bytes as YAML")) {
      try yaml("[[[[[[[[[[[[\(ones)]]]]]]]]]]]]", limits: limits)
    }
  }
}

extension YAMLValue {
  /// What a JSON string is when YAML's own parser reads it, surrogate pairs aside, which it refuses.
  fileprivate static func text(_ escaped: String) throws -> String {
    if escaped == #"\ud83d\ude00"# { return "😀" }
    guard case .string(let text)? = try YAML.documents(Array("\"\(escaped)\"".utf8)).first else { return "" }
    return text
  }
}
