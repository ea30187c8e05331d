/// The order of keys in the YAML that Kubernetes writes: that of gopkg.in/yaml.v2 (`sorter.go`), by which `a2` comes
/// before `a10`, and letters come after everything else.
enum KeyOrder {
  static func precedes(_ left: String, _ right: String) -> Bool {
    var common: [Unicode.Scalar] = []
    var leftRest = Substring(left).unicodeScalars
    var rightRest = Substring(right).unicodeScalars
    while let first = leftRest.first, first == rightRest.first {
      common.append(first)
      leftRest.removeFirst()
      rightRest.removeFirst()
    }
    guard let leftFirst = leftRest.first, let rightFirst = rightRest.first else { return !rightRest.isEmpty }
    switch (isLetter(leftFirst), isLetter(rightFirst)) {
    case (true, true): return leftFirst < rightFirst
    case (true, false): return false
    case (false, true): return true
    case (false, false): break
    }
    // A zero counts only behind another digit: `10` and `1` differ by it, `01` and `1` do not.
    let isBehindDigit = common.reversed().prefix(while: isDigit).contains { $0 != "0" }
    let start: Int64 = (leftFirst == "0" || rightFirst == "0") && isBehindDigit ? 1 : 0
    let leftNumber = number(leftRest, start)
    let rightNumber = number(rightRest, start)
    if leftNumber.value != rightNumber.value { return leftNumber.value < rightNumber.value }
    if leftNumber.count != rightNumber.count { return leftNumber.count < rightNumber.count }
    return leftFirst < rightFirst
  }

  /// The number that the digits in front are, wrapping around where there are too many.
  private static func number(_ text: Substring.UnicodeScalarView, _ start: Int64) -> (value: Int64, count: Int) {
    var value = start
    var count = 0
    for scalar in text.prefix(while: isDigit) {
      value = value &* 10 &+ Int64(scalar.value) &- 0x30
      count += 1
    }
    return (value, count)
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .decimalNumber }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }
}
