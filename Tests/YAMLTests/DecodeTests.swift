import Testing
import YAML

struct DecodeTests {
  private struct Source: Decodable, Equatable {
    struct Port: Decodable, Equatable {
      var number: Int
    }

    var name: String
    var ports: [Port]
    var weight: Double?
  }

  private func decode(_ text: String) throws -> Source {
    try #require(try YAML.documents(Array(text.utf8)).first).decode(Source.self)
  }

  @Test("A document is read as a type")
  func decodes() throws {
    let expected = Source(name: "a", ports: [.init(number: 443)], weight: 1)
    #expect(try decode("name: a\nports: [{number: 443}]\nweight: 1\nmore: x\n") == expected)
  }

  @Test(
    "Errors name the field",
    arguments: [
      ("ports: []", "name is missing"),
      ("name: 1\nports: []", "name is not a string"),
      ("name: a\nports: [{number: 1}, {number: x}]", "ports[1].number is not a value of type Int"),
      ("name: a\nports: [{}]", "ports[0].number is missing"),
      ("name: a\nports:", "ports must not be null"),
    ])
  func errors(text: String, expected: String) {
    #expect(throws: YAMLError(expected)) { try decode(text) }
  }
}
