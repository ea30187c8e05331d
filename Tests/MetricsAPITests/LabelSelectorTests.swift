import MetricsAPI
import Testing

@Suite struct LabelSelectorTests {
  typealias Requirement = LabelSelector.Requirement

  @Test(
    arguments: [
      ("", []),
      ("  ", []),
      ("a", [Requirement(key: "a", operator: .exists)]),
      ("!a", [Requirement(key: "a", operator: .doesNotExist)]),
      ("a=b", [Requirement(key: "a", operator: .equals, values: ["b"])]),
      ("a = b", [Requirement(key: "a", operator: .equals, values: ["b"])]),
      ("a==b", [Requirement(key: "a", operator: .doubleEquals, values: ["b"])]),
      ("a!=b", [Requirement(key: "a", operator: .notEquals, values: ["b"])]),
      ("a=", [Requirement(key: "a", operator: .equals, values: [""])]),
      ("a>1", [Requirement(key: "a", operator: .greaterThan, values: ["1"])]),
      ("a<-1", nil),
      ("a < 7", [Requirement(key: "a", operator: .lessThan, values: ["7"])]),
      ("a in (c,b,c)", [Requirement(key: "a", operator: .in, values: ["b", "c"])]),
      ("a notin (b)", [Requirement(key: "a", operator: .notIn, values: ["b"])]),
      ("a in (,b)", [Requirement(key: "a", operator: .in, values: ["", "b"])]),
      ("a in (b,,c)", [Requirement(key: "a", operator: .in, values: ["", "b", "c"])]),
      ("a in (b,)", [Requirement(key: "a", operator: .in, values: ["", "b"])]),
      ("in in (in, notin)", [Requirement(key: "in", operator: .in, values: ["in", "notin"])]),
      ("a=in", [Requirement(key: "a", operator: .equals, values: ["in"])]),
      (
        "a,!b,c.io/d=e",
        [
          Requirement(key: "a", operator: .exists), Requirement(key: "b", operator: .doesNotExist),
          Requirement(key: "c.io/d", operator: .equals, values: ["e"]),
        ]
      ),
      ("a\t\n!=\r b", [Requirement(key: "a", operator: .notEquals, values: ["b"])]),
    ] as [(String, [Requirement]?)])
  func `Selectors are read by Kubernetes' grammar`(text: String, requirements: [Requirement]?) throws {
    #expect((try? LabelSelector.parse(text))?.requirements == requirements)
  }

  @Test(arguments: [
    ("a,", "found '', expected: identifier after ','"),
    (",a", "found ',', expected: !, identifier, or 'end of string'"),
    ("=a", "found '=', expected: !, identifier, or 'end of string'"),
    ("!", "unable to parse requirement: found '', expected: identifier"),
    ("!!a", "unable to parse requirement: found '!', expected: identifier"),
    ("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
    ("a=b c", "found 'c', expected: ',' or 'end of string'"),
    ("!a=b", "found '=', expected: ',' or 'end of string'"),
    ("a=(b)", "unable to parse requirement: found '(', expected: identifier"),
    ("a in b", "unable to parse requirement: found 'b' expected: '('"),
    ("a in (b", "unable to parse requirement: found '', expected: ',' or ')'"),
    ("a in (=)", "unable to parse requirement: found '=', expected: ',', ')' or identifier"),
    (
      "a in ()",
      "unable to parse requirement: values: Invalid value: []string{}: for 'in', 'notin' operators, values set can't be empty"
    ),
    (
      "a>b",
      "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value must be an integer"
    ),
    ("/a", "unable to parse requirement: <nil>: Invalid value: \"/a\": prefix part must be non-empty"),
  ])
  func `Errors are those of Kubernetes`(text: String, message: String) {
    let error = #expect(throws: SelectorError.self) { try LabelSelector.parse(text) }
    #expect(error?.message == message)
  }

  @Test(arguments: ["-a", "a-", "a/b/c", "A.io/b", "é", "a=-b", "a in (b c)", "a=b/c", "a_=b", "x..y/a"])
  func `Keys and values that are no labels are refused`(text: String) {
    #expect(throws: SelectorError.self) { try LabelSelector.parse(text) }
  }

  @Test func `Names are bounded`() throws {
    let long = String(repeating: "a", count: 63)
    #expect(try LabelSelector.parse("\(long)=\(long)").requirements.count == 1)
    #expect(throws: SelectorError.self) { try LabelSelector.parse("a=\(long)a") }
    #expect(throws: SelectorError.self) { try LabelSelector.parse("\(long)a") }
  }

  @Test func `No text of selector characters brings the parser down`() {
    let alphabet = ["a", "in", "notin", "=", "!", "(", ")", ",", ">", " ", "1"]
    var accepted = 0
    for number in 0..<(11 * 11 * 11 * 11) {
      var rest = number
      var text = ""
      for _ in 0..<4 {
        text += alphabet[rest % 11]
        rest /= 11
      }
      if (try? LabelSelector.parse(text)) != nil { accepted += 1 }
    }
    #expect((1..<11 * 11 * 11 * 11).contains(accepted))
  }
}
