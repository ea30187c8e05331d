/// A token of a label selector; its text is kept for messages.
struct SelectorToken {
  enum Kind {
    case identifier, comma, openParenthesis, closeParenthesis, not, end
    /// `in` and `notin` are identifiers where a key or value is expected.
    case binary(LabelSelector.Operator)
  }

  var kind: Kind
  var text: String

  /// Cuts `text` into tokens, the last of them ``Kind/end``. Every text can be cut.
  static func scan(_ text: String) -> [SelectorToken] {
    var tokens: [SelectorToken] = []
    var rest = text.utf8[...]
    while let first = rest.first {
      if isSpace(first) {
        rest = rest.dropFirst()
      } else if isSpecial(first) {
        let symbol = longestSymbol(rest)
        tokens.append(SelectorToken(kind: kind(of: symbol), text: symbol))
        rest = rest.dropFirst(symbol.utf8.count)
      } else {
        let word = String(Substring(rest.prefix { !isSpecial($0) && !isSpace($0) }))
        tokens.append(SelectorToken(kind: kind(of: word), text: word))
        rest = rest.dropFirst(word.utf8.count)
      }
    }
    tokens.append(SelectorToken(kind: .end, text: ""))
    return tokens
  }

  private static func longestSymbol(_ text: Substring.UTF8View) -> String {
    let two = String(Substring(text.prefix(2)))
    return two == "==" || two == "!=" ? two : String(Substring(text.prefix(1)))
  }

  private static func kind(of text: String) -> Kind {
    switch text {
    case ",": .comma
    case "(": .openParenthesis
    case ")": .closeParenthesis
    case "!": .not
    case "=": .binary(.equals)
    case "==": .binary(.doubleEquals)
    case "!=": .binary(.notEquals)
    case ">": .binary(.greaterThan)
    case "<": .binary(.lessThan)
    case "in": .binary(.in)
    case "notin": .binary(.notIn)
    default: .identifier
    }
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","),
      UInt8(ascii: ">"), UInt8(ascii: "<"):
      true
    default: false
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
  }
}
