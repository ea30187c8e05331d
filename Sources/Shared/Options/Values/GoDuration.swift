/// Durations as Go writes them: decimal numbers, each with a unit, one after another (`time.ParseDuration`).
package enum GoDuration {
  /// From the longest, since formatting takes them in this order.
  private static let units: [(symbol: String, nanoseconds: Int64)] = [
    ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000),
    ("µs", 1_000), ("μs", 1_000), ("ns", 1),
  ]

  /// `5m`, `1m30s`, `200ms`, `1.5h`, `-2s`, `0`; nil for anything else and beyond what 64 bits of nanoseconds hold.
  package static func parse(_ text: String) -> Duration? {
    var rest = text[...]
    let isNegative = rest.first == "-"
    if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
    if rest == "0" { return .zero }
    guard !rest.isEmpty else { return nil }
    var total: Int64 = 0
    while !rest.isEmpty {
      guard let part = takePart(from: &rest) else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(part)
      if overflow { return nil }
      total = sum
    }
    return .nanoseconds(isNegative ? -total : total)
  }

  /// The shortest form that ``parse(_:)`` reads back: `5m`, `1m30s`, `200ms`, `0s`.
  package static func format(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    var rest = Int128(seconds) * 1_000_000_000 + Int128(attoseconds / 1_000_000_000)
    guard rest != 0 else { return "0s" }
    var text = rest < 0 ? "-" : ""
    rest = abs(rest)
    for (symbol, nanoseconds) in units where rest >= Int128(nanoseconds) {
      text += "\(rest / Int128(nanoseconds))\(symbol)"
      rest %= Int128(nanoseconds)
    }
    return text
  }

  /// One number with its unit, in nanoseconds.
  private static func takePart(from text: inout Substring) -> Int64? {
    let whole = text.prefix(while: \.isDecimalDigit)
    text.removeFirst(whole.count)
    var fraction: Substring = ""
    if text.first == "." {
      text.removeFirst()
      fraction = text.prefix(while: \.isDecimalDigit)
      text.removeFirst(fraction.count)
    }
    let symbol = text.prefix { !$0.isDecimalDigit && $0 != "." }
    text.removeFirst(symbol.count)
    guard !(whole.isEmpty && fraction.isEmpty), let unit = units.first(where: { $0.symbol == symbol }) else {
      return nil
    }

    // Beyond 15 digits a fraction of an hour is below a nanosecond.
    let digits = fraction.prefix(15)
    guard let wholes = Int64(whole.isEmpty ? "0" : whole), let parts = Int128(digits.isEmpty ? "0" : digits) else {
      return nil
    }
    let scale = digits.reduce(Int128(1)) { scale, _ in scale * 10 }
    return Int64(exactly: Int128(wholes) * Int128(unit.nanoseconds) + parts * Int128(unit.nanoseconds) / scale)
  }
}

extension Character {
  fileprivate var isDecimalDigit: Bool { ("0"..."9").contains(self) }
}
