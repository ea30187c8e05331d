/// What a plain scalar means by the core schema of YAML 1.2 (section 10.3.2). `yes`, `no`, `on`, `off` are strings there.
enum CoreSchema {
  static func resolve(_ text: String, at place: YAMLError.Place) throws(YAMLError) -> YAMLValue {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF":
      throw YAMLError("\(text) is a number that JSON cannot carry; quote it if a string is meant", at: place)
    default: break
    }
    guard let first = text.utf8.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") || first < 0x3A else {
      return .string(text)
    }
    if let integer = integer(text) { return integer }
    guard isFloat(text), let value = Double(text) else { return .string(text) }
    guard value.isFinite else { throw YAMLError("\(text) is too large a number", at: place) }
    return .double(value)
  }

  private static func integer(_ text: String) -> YAMLValue? {
    for (prefix, radix) in [("0o", 8), ("0x", 16)] where text.hasPrefix(prefix) {
      let digits = text.dropFirst(2)
      guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
      return Int64(digits, radix: radix).map { .int($0) }
    }
    return Int64(text).map { .int($0) }
  }

  /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
  static func isFloat(_ text: String) -> Bool {
    var rest = Substring(text).utf8
    skip(&rest, while: isSign, atMost: 1)
    let whole = skip(&rest, while: isDigit)
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      fraction = skip(&rest, while: isDigit)
    }
    guard whole + fraction > 0 else { return false }
    if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
      rest.removeFirst()
      skip(&rest, while: isSign, atMost: 1)
      guard skip(&rest, while: isDigit) > 0 else { return false }
    }
    return rest.isEmpty
  }

  @discardableResult
  private static func skip(
    _ rest: inout Substring.UTF8View, while matches: (UInt8) -> Bool, atMost limit: Int = .max
  ) -> Int {
    var count = 0
    while count < limit, let first = rest.first, matches(first) {
      rest.removeFirst()
      count += 1
    }
    return count
  }

  private static func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") }
  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
