import Testing
import YAML

struct DocumentTests {
  private func json(_ text: String) throws -> [String] {
    try YAML.documents(Array(text.utf8)).map { String(decoding: $0.json(), as: UTF8.self) }
  }

  @Test(
    "Plain scalars mean what the core schema of YAML 1.2 says",
    arguments: [
      ("~", "null"), ("null", "null"), ("NULL", "null"), ("nULL", #""nULL""#),
      ("true", "true"), ("False", "false"), ("yes", #""yes""#), ("no", #""no""#), ("on", #""on""#),
      ("12", "12"), ("-12", "-12"), ("+12", "12"), ("0o17", "15"), ("0xfF", "255"), ("0x+1", #""0x+1""#),
      ("9223372036854775807", "9223372036854775807"), ("1e3", "1000.0"), ("-.5", "-0.5"), ("1.", "1.0"),
      (".", #"".""#), ("1.2.3", #""1.2.3""#), ("1e", #""1e""#), ("0x1p4", #""0x1p4""#), ("1_000", #""1_000""#),
      ("2026-01-02", #""2026-01-02""#), ("'12'", #""12""#), (#""true""#, #""true""#), ("!!str 12", #""12""#),
      ("! 12", #""12""#), ("!!float 1", "1.0"), ("!!int '7'", "7"), ("10.0.0.1:443", #""10.0.0.1:443""#),
    ])
  func plainScalars(text: String, expected: String) throws {
    #expect(try json(text) == [expected])
  }

  @Test(
    "Collections, block scalars and anchors become JSON in the order of the text",
    arguments: [
      ("b: 1\na: [x, {y: 2}]\n", #"{"b":1,"a":["x",{"y":2}]}"#),
      ("a: |\n  one\n  two\nb: >-\n  one\n  two\n", #"{"a":"one\ntwo\n","b":"one two"}"#),
      ("a: &x [1, 2]\nb: *x\n", #"{"a":[1,2],"b":[1,2]}"#),
      ("&k key: 1\nother: *k\n", #"{"key":1,"other":"key"}"#),
      ("1: a\ntrue: b\n", #"{"1":"a","true":"b"}"#),
      ("a:\nb: ''\n", #"{"a":null,"b":""}"#),
      ("\u{FEFF}a: \"<&>\\u2028é\"\n", #"{"a":"\u003c\u0026\u003e\u2028é"}"#),
      ("{\"a\": [1, -2.5e1, \"\\u00e9\\n\\/\", null],\n\t\"b\": {}}", #"{"a":[1,-25.0,"é\n/",null],"b":{}}"#),
    ])
  func collections(text: String, expected: String) throws {
    #expect(try json(text) == [expected])
  }

  @Test("A text may hold several documents, or none")
  func severalDocuments() throws {
    #expect(try json("a: 1\n---\n- 2\n...\n---\n") == [#"{"a":1}"#, "[2]", "null"])
    #expect(try json("# nothing\n") == [])
    #expect(try json("") == [])
  }

  @Test("An anchor does not reach into the next document")
  func anchorsEndWithTheirDocument() {
    #expect(throws: YAMLError.self) { try json("a: &x 1\n---\nb: *x\n") }
  }

  @Test(
    "Errors say where and what",
    arguments: [
      ("a: 1\nb: 2\na: 3\n", "line 3, column 1: the key \"a\" is there twice"),
      ("a: [1, 2\n", "line 2, column 1: did not find expected ',' or ']' while parsing a flow sequence"),
      ("a: *x\n", "line 1, column 4: there is no anchor &x before this alias"),
      ("a: &x [*x]\n", "line 1, column 8: there is no anchor &x before this alias"),
      ("? [1]\n: 2\n", "line 1, column 3: a key must be a string"),
      ("a: .inf\n", "line 1, column 4: .inf is a number that JSON cannot carry; quote it if a string is meant"),
      ("a: 1e999\n", "line 1, column 4: 1e999 is too large a number"),
      ("a: !!int x\n", "line 1, column 4: \"x\" cannot be read as tag:yaml.org,2002:int"),
      ("a: !secret {}\n", "line 1, column 4: the tag !secret is not understood here"),
      ("b: &b {}\na:\n  <<: *b\n", "line 3, column 3: merge keys (<<) are not part of YAML 1.2; write the entries out"),
      ("a: \u{7}\n", "control characters are not allowed at byte 3"),
    ])
  func errors(text: String, expected: String) {
    #expect {
      try json(text)
    } throws: { error in
      "\(error)" == expected
    }
  }

  @Test("Bytes that are not UTF-8 are refused")
  func invalidUTF8() {
    #expect(throws: YAMLError.self) { try YAML.documents([0x61, 0x3A, 0x20, 0xFF, 0xFE]) }
  }
}
