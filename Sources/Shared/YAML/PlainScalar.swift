/// Which strings would be something else if they stood in a document without quotes.
enum PlainScalar {
  /// Whether a reader of YAML 1.1 or 1.2 could take `text` for a null, a boolean, a number or a time.
  ///
  /// Quotes what `resolve` of gopkg.in/yaml.v2 does, by which Kubernetes writes YAML, and a few more numbers that other
  /// readers know. What YAML's syntax itself keeps from being plain, the emitter quotes.
  static func isAmbiguous(_ text: String) -> Bool {
    if words.contains(text) { return true }
    guard let first = text.utf8.first, first == UInt8(ascii: "+") || first < 0x3A else { return false }
    if isTime(text) { return true }
    let digits = text.utf8.contains(UInt8(ascii: "_")) ? text.filter { $0 != "_" } : text
    return CoreSchema.isFloat(digits) || isOfOtherBase(digits) || isSexagesimal(digits)
  }

  /// With `=`, which PyYAML fails at.
  private static let words: Set<String> = [
    "", "~", "null", "Null", "NULL", "<<", "=",
    "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE",
    "n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE",
    ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF",
  ]

  /// `0x1F`, `0o17`, `0b11`, with or without a sign. Octal numbers of YAML 1.1, `017`, are decimal ones here.
  private static func isOfOtherBase(_ text: String) -> Bool {
    var rest = Substring(text).utf8
    if let first = rest.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") { rest.removeFirst() }
    guard rest.first == UInt8(ascii: "0"), let mark = rest.dropFirst().first else { return false }
    let digits = rest.dropFirst(2)
    let last: UInt8
    switch mark | 0x20 {
    case UInt8(ascii: "x"): last = UInt8(ascii: "f")
    case UInt8(ascii: "o"): last = UInt8(ascii: "7")
    case UInt8(ascii: "b"): last = UInt8(ascii: "1")
    default: return false
    }
    return !digits.isEmpty
      && digits.allSatisfy { digit in
        (UInt8(ascii: "0")...min(last, UInt8(ascii: "9"))).contains(digit)
          || last > UInt8(ascii: "9") && (UInt8(ascii: "a")...last).contains(digit | 0x20)
      }
  }

  /// Numbers to base 60, which YAML 1.1 has: `1:30`, `-12:00:07.5`.
  private static func isSexagesimal(_ text: String) -> Bool {
    var parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return false }
    if let first = parts[0].utf8.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
      parts[0].removeFirst()
    }
    let last = parts[parts.count - 1].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    parts[parts.count - 1] = last[0]
    return !parts[0].isEmpty && parts[0].utf8.allSatisfy(isDigit)
      && parts.dropFirst().allSatisfy { part in
        (1...2).contains(part.utf8.count) && part.utf8.allSatisfy(isDigit) && UInt8(part).map { $0 < 60 } ?? false
      } && last.dropFirst().allSatisfy { $0.utf8.allSatisfy(isDigit) }
  }

  /// What begins like a date, `2024-1-2`, and ends there or goes on with a time.
  private static func isTime(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, (1...2).contains(parts[1].count), parts[0].allSatisfy(isDigit),
      parts[1].allSatisfy(isDigit)
    else { return false }
    let day = parts[2].prefix(while: isDigit)
    guard (1...2).contains(day.count) else { return false }
    guard let next = parts[2].dropFirst(day.count).first else { return true }
    return next | 0x20 == UInt8(ascii: "t") || next == 0x20 || next == 0x09
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
