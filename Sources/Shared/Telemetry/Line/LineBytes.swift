/// How text is set into a line.
enum TextStyle {
  /// As it is, but for characters that would break or disguise the line.
  case bare
  /// Between double quotes, with quotes and backslashes escaped: a string of JSON.
  case quoted
}

extension [UInt8] {
  /// Appends text that can neither end the line nor change how the rest of it is shown. Text above `limit` bytes of
  /// UTF-8 is cut between two characters and ends in an ellipsis, which counts.
  mutating func append(escaping text: String, upTo limit: Int, as style: TextStyle) {
    let mark = "…"
    let isCut = text.utf8.count > limit
    var room = isCut ? limit - mark.utf8.count : limit
    if style == .quoted { append(UInt8(ascii: "\"")) }
    for scalar in text.unicodeScalars {
      let width = UTF8.width(scalar)
      guard width <= room else { break }
      room -= width
      append(scalar, as: style)
    }
    if isCut { append(contentsOf: mark.utf8) }
    if style == .quoted { append(UInt8(ascii: "\"")) }
  }

  private mutating func append(_ scalar: Unicode.Scalar, as style: TextStyle) {
    switch scalar {
    case "\n": append(contentsOf: #"\n"#.utf8)
    case "\r": append(contentsOf: #"\r"#.utf8)
    case "\t": append(contentsOf: #"\t"#.utf8)
    case "\"" where style == .quoted: append(contentsOf: #"\""#.utf8)
    case "\\" where style == .quoted: append(contentsOf: #"\\"#.utf8)
    case _ where scalar.disturbsLines:
      append(contentsOf: #"\u"#.utf8)
      for shift in stride(from: UInt32(12), through: 0, by: -4) {
        append(contentsOf: String(scalar.value >> shift & 0xf, radix: 16).utf8)
      }
    case _ where scalar.isASCII: append(UInt8(truncatingIfNeeded: scalar.value))
    default: append(contentsOf: UTF8.encode(scalar).map { [UInt8]($0) } ?? [])
    }
  }

  /// Appends a number, padded on the left to at least `width` columns.
  mutating func append(decimal number: Int, width: Int, padding: UInt8 = UInt8(ascii: "0")) {
    let digits = String(number)
    for _ in 0..<Swift.max(0, width - digits.utf8.count) { append(padding) }
    append(contentsOf: digits.utf8)
  }
}

extension Unicode.Scalar {
  /// Control characters, the separators that some readers take for a newline, and the marks that reorder text.
  fileprivate var disturbsLines: Bool {
    switch value {
    case 0..<0x20, 0x7f...0x9f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
    default: false
    }
  }
}
