import Routing
import Testing

@Suite struct GlobTests {
  @Test(arguments: [
    ("*", ""), ("*", "anything"), ("foo", "foo"), ("s*-*", "s0-rabbitmq-orders"), ("s*-*", "s-"), ("a*b*c", "a-b-b-c"),
    ("*.apps", "deployments.apps"), ("team-?", "team-a"), ("?", "ü"), ("x?y", "x→y"), ("a**b", "ab"),
    ("datadogmetric@*:*", "datadogmetric@default:requests"), ("custom.googleapis.com|*", "custom.googleapis.com|a|b"),
    ("*a*a*a*b", "aaaaaaaaaaaaaaaab"),
  ])
  func `A pattern matches the whole of a name`(pattern: String, name: String) {
    #expect(Glob(pattern).matches(name))
  }

  @Test(arguments: [
    ("foo", "Foo"), ("foo", "foo2"), ("foo", ""), ("s*-*", "s0"), ("*.apps", "apps"), ("team-?", "team-"),
    ("team-?", "team-ab"), ("?", ""), ("a*b*c", "a-c-b"), ("e\u{301}", "\u{e9}"), ("a.c", "abc"),
    ("*a*a*a*b", "aaaaaaaaaaaaaaaa"),
  ])
  func `A pattern does not match another name, or a part of one`(pattern: String, name: String) {
    #expect(!Glob(pattern).matches(name))
  }

  @Test func `A hostile name against a hostile pattern takes no long time`() {
    let pattern = Glob(String(repeating: "*a", count: 120) + "b")
    let name = String(repeating: "a", count: 4000)
    let time = ContinuousClock().measure { #expect(!pattern.matches(name)) }
    #expect(time < .milliseconds(500))
  }

  @Test(arguments: ["", "a/b", "a\nb", "[a-z]", "{a,b}", #"a\*"#, String(repeating: "a", count: 254)])
  func `What could be meant as another kind of pattern is a problem`(pattern: String) {
    #expect(Glob(pattern).problem != nil)
  }

  @Test(arguments: ["*", "s*-*", "datadogmetric@*:*", "custom.googleapis.com|*", "a~b:c@d", "UPPER.Case"])
  func `A good pattern has no problem`(pattern: String) {
    #expect(Glob(pattern).problem == nil)
  }
}
