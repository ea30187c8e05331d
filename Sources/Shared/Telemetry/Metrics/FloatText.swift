extension [UInt8] {
  /// Appends a number as Prometheus' own libraries write it (Go's `strconv.FormatFloat(value, 'g', -1, 64)`): the fewest
  /// digits that read back the same, with an exponent where it is below -4 or above 5.
  mutating func append(float value: Double) {
    guard value.isFinite else {
      return append(contentsOf: (value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf").utf8)
    }
    if value.sign == .minus { append(UInt8(ascii: "-")) }
    let (digits, exponent) = Self.shortestDigits(of: value.magnitude)
    switch exponent {
    case ..<(-4), 6...:
      append(digits, pointAfter: 1)
      append(contentsOf: exponent < 0 ? "e-".utf8 : "e+".utf8)
      append(decimal: abs(exponent), width: 2)
    case ..<0:
      append(contentsOf: "0.".utf8)
      append(contentsOf: repeatElement(UInt8(ascii: "0"), count: -exponent - 1))
      append(contentsOf: digits)
    default:
      append(digits, pointAfter: exponent + 1)
    }
  }

  private mutating func append(_ digits: [UInt8], pointAfter count: Int) {
    append(contentsOf: digits.prefix(count))
    append(contentsOf: repeatElement(UInt8(ascii: "0"), count: Swift.max(0, count - digits.count)))
    guard digits.count > count else { return }
    append(UInt8(ascii: "."))
    append(contentsOf: digits[count...])
  }

  /// Digits without zeros at either end, and the power of ten that the first of them stands for. `description` has the
  /// shortest digits, but sets point and exponent in its own way: `1234567.0`, `1e-05`.
  private static func shortestDigits(of value: Double) -> (digits: [UInt8], exponent: Int) {
    let parts = value.description.utf8.split(separator: UInt8(ascii: "e"))
    let shift = parts.count > 1 ? Int(String(decoding: parts[1], as: UTF8.self)) ?? 0 : 0
    let mantissa = parts[0]
    let whole = mantissa.prefix { $0 != UInt8(ascii: ".") }
    var digits = mantissa.filter { $0 != UInt8(ascii: ".") }
    let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
    guard leading < digits.count else { return ([UInt8(ascii: "0")], 0) }
    digits.removeFirst(leading)
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    return (digits, whole.count - 1 - leading + shift)
  }
}
