/// JSON string literals as Go's `encoding/json` writes them, so that a text reads the same from us and from an API server.
package enum JSONString {
  private static let hexadecimal = [UInt8]("0123456789abcdef".utf8)

  /// Appends the quoted literal. `<`, `>` and `&` are escaped as Go's default encoder does.
  package static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars { append(scalar, to: &bytes) }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
    switch scalar {
    case "\"": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "\"")]
    case "\\": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
    case "\n": bytes += "\\n".utf8
    case "\r": bytes += "\\r".utf8
    case "\t": bytes += "\\t".utf8
    case "<", ">", "&", "\u{0}"..<" ", "\u{2028}", "\u{2029}":
      bytes += "\\u".utf8
      for shift in [12, 8, 4, 0] { bytes.append(hexadecimal[Int(scalar.value >> UInt32(shift)) & 15]) }
    default: bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
    }
  }
}
