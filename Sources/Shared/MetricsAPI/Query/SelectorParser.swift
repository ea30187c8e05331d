/// Reads the tokens of a label selector, as `Parser` in k8s.io/apimachinery `pkg/labels/selector.go` does.
struct SelectorParser {
  private let tokens: [SelectorToken]
  private var position = 0

  init(_ text: String) {
    tokens = SelectorToken.scan(text)
  }

  mutating func requirements() throws(SelectorError) -> [LabelSelector.Requirement] {
    var requirements: [LabelSelector.Requirement] = []
    while true {
      let token = peek()
      switch token.kind {
      case .end: return requirements
      case .identifier, .not: break
      default: throw SelectorError("found '\(token.text)', expected: !, identifier, or 'end of string'")
      }
      do {
        requirements.append(try requirement())
      } catch {
        throw SelectorError("unable to parse requirement: \(error.message)")
      }
      let separator = next()
      switch separator.kind {
      case .end: return requirements
      case .comma: try expectRequirement()
      default: throw SelectorError("found '\(separator.text)', expected: ',' or 'end of string'")
      }
    }
  }

  private func expectRequirement() throws(SelectorError) {
    let token = peek()
    switch token.kind {
    case .identifier, .not: return
    default: throw SelectorError("found '\(token.text)', expected: identifier after ','")
    }
  }

  private mutating func requirement() throws(SelectorError) -> LabelSelector.Requirement {
    var token = next()
    var isNegated = false
    if case .not = token.kind {
      isNegated = true
      token = next()
    }
    guard case .identifier = token.kind else { throw SelectorError("found '\(token.text)', expected: identifier") }
    let key = token.text
    try SelectorValidation.key(key, path: "<nil>")
    if isNegated { return LabelSelector.Requirement(key: key, operator: .doesNotExist) }
    switch peek().kind {
    case .end, .comma: return LabelSelector.Requirement(key: key, operator: .exists)
    default: break
    }
    let operation = try binaryOperator()
    let values =
      switch operation {
      case .in, .notIn: try setOfValues()
      default: [try exactValue()]
      }
    let requirement = LabelSelector.Requirement(key: key, operator: operation, values: values)
    try SelectorValidation.values(of: requirement)
    return requirement
  }

  private mutating func binaryOperator() throws(SelectorError) -> LabelSelector.Operator {
    let token = tokens[position]
    guard case .binary(let operation) = token.kind else {
      throw SelectorError("found '\(token.text)', expected: in, notin, =, ==, !=, gt, lt")
    }
    position += 1
    return operation
  }

  /// What stands right of `=` and its like; nothing is the empty value.
  private mutating func exactValue() throws(SelectorError) -> String {
    switch peek().kind {
    case .end, .comma: return ""
    default: break
    }
    let token = next()
    guard case .identifier = token.kind else { throw SelectorError("found '\(token.text)', expected: identifier") }
    return token.text
  }

  /// `(a,b)`; a place left empty beside a comma is the empty value.
  private mutating func setOfValues() throws(SelectorError) -> [String] {
    let open = next()
    guard case .openParenthesis = open.kind else { throw SelectorError("found '\(open.text)' expected: '('") }
    var values: Set<String> = []
    if case .closeParenthesis = peek().kind {
      position += 1
      return []
    }
    while true {
      var token = next()
      switch token.kind {
      case .identifier:
        values.insert(token.text)
        token = next()
      case .comma, .closeParenthesis:
        values.insert("")
      default:
        throw SelectorError("found '\(token.text)', expected: ',', ')' or identifier")
      }
      switch token.kind {
      case .comma: continue
      case .closeParenthesis: return values.sorted()
      default: throw SelectorError("found '\(token.text)', expected: ',' or ')'")
      }
    }
  }

  /// The next token where a key or value may stand.
  private func peek() -> SelectorToken {
    var token = tokens[position]
    switch token.kind {
    case .binary(.in), .binary(.notIn): token.kind = .identifier
    default: break
    }
    return token
  }

  /// Never moves past the end.
  private mutating func next() -> SelectorToken {
    let token = peek()
    if position < tokens.count - 1 { position += 1 }
    return token
  }
}
