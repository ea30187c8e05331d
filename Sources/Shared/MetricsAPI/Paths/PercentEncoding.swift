/// Percent-encoding of RFC 3986 (section 2.1) for paths and of `application/x-www-form-urlencoded` for queries.
package enum PercentEncoding {
  /// The byte that two hexadecimal digits stand for.
  package static func byte(_ high: UInt8, _ low: UInt8) -> UInt8? {
    guard let high = digit(high), let low = digit(low) else { return nil }
    return high << 4 | low
  }

  /// Appends one segment of a path. What RFC 3986 lets a segment hold stays, as Go's `url.PathEscape` has it, but `*`
  /// too, which every adapter reads either way.
  static func appendSegment(_ segment: String, to path: inout String) {
    append(segment, to: &path) { byte in
      switch byte {
      case UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "&"), UInt8(ascii: "="), UInt8(ascii: "+"),
        UInt8(ascii: "$"), UInt8(ascii: "*"):
        true
      default: isUnreserved(byte)
      }
    }
  }

  /// Appends a name or value of a query, spaces as `+`, as Go's `url.QueryEscape` does.
  static func appendQuery(_ value: String, to query: inout String) {
    var first = true
    for part in value.split(separator: " ", omittingEmptySubsequences: false) {
      if !first { query.append("+") }
      first = false
      append(String(part), to: &query, keeping: isUnreserved)
    }
  }

  private static func append(_ value: String, to text: inout String, keeping isKept: (UInt8) -> Bool) {
    if value.utf8.allSatisfy(isKept) { return text.append(value) }
    for byte in value.utf8 {
      if isKept(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text.append("%")
        text.unicodeScalars.append(hexadecimal(byte >> 4))
        text.unicodeScalars.append(hexadecimal(byte & 15))
      }
    }
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }

  private static func digit(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func hexadecimal(_ value: UInt8) -> Unicode.Scalar {
    Unicode.Scalar(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10)
  }
}
