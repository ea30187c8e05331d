/// The two descriptions that Kubernetes knows differ in where schemas stand and in how types are written.
enum OpenAPIDialect {
  case swagger2
  case openAPI3

  /// A reference to a schema of the document.
  func reference(_ schema: String) -> String {
    switch self {
    case .swagger2: ##"{"$ref":"#/definitions/\##(schema)"}"##
    case .openAPI3: ##"{"$ref":"#/components/schemas/\##(schema)"}"##
    }
  }

  /// A parameter that is a string.
  func parameter(_ name: String, in place: String, _ description: String) -> String {
    let head = #""name":"\#(name)","in":"\#(place)","description":"\#(description)""#
    let required = place == "path" ? #","required":true"# : ""
    switch self {
    case .swagger2: return #"{\#(head)\#(required),"type":"string","uniqueItems":true}"#
    case .openAPI3: return #"{\#(head)\#(required),"schema":{"type":"string","uniqueItems":true}}"#
    }
  }

  /// The answer 200, of a schema where one is given.
  func success(_ schema: String?) -> String {
    guard let schema else { return #"{"description":"OK"}"# }
    switch self {
    case .swagger2: return #"{"description":"OK","schema":\#(reference(schema))}"#
    case .openAPI3:
      let content = [MediaType.json, .yaml].map { #""\#($0.name)":{"schema":\#(reference(schema))}"# }
      return #"{"description":"OK","content":{\#(content.joined(separator: ","))}}"#
    }
  }

  /// What Swagger says of an operation's types, which OpenAPI 3 says at its answers.
  var types: String {
    switch self {
    case .swagger2: #""produces":["\#(MediaType.json.name)","\#(MediaType.yaml.name)"],"schemes":["https"],"#
    case .openAPI3: ""
    }
  }

  /// Marks a schema whose value may be `null`, which Swagger 2.0 cannot say.
  var nullable: String {
    switch self {
    case .swagger2: ""
    case .openAPI3: #","nullable":true"#
    }
  }
}
