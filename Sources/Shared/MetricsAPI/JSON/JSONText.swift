/// JSON being written. The caller sees to its structure; strings are escaped here.
package struct JSONText: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// Makes room for `count` bytes in all.
  package mutating func reserve(_ count: Int) {
    bytes.reserveCapacity(count)
  }

  /// Appends text that is JSON already.
  package mutating func raw(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  /// Appends JSON that the caller has written down.
  mutating func literal(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  package mutating func raw(_ text: ArraySlice<UInt8>) {
    text.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
  }

  /// Appends a string in quotes, escaped where RFC 8259 (section 7) demands it.
  package mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    appendEscaped(text)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends the string `first/second`, without making it.
  mutating func string(_ first: String, slash second: String) {
    bytes.append(UInt8(ascii: "\""))
    appendEscaped(first)
    bytes.append(UInt8(ascii: "/"))
    appendEscaped(second)
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func appendEscaped(_ text: String) {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      bytes.append(contentsOf: text.utf8)
    } else {
      for byte in text.utf8 { escape(byte) }
    }
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): raw(#"\""#)
    case UInt8(ascii: "\\"): raw(#"\\"#)
    case UInt8(ascii: "\n"): raw(#"\n"#)
    case UInt8(ascii: "\r"): raw(#"\r"#)
    case UInt8(ascii: "\t"): raw(#"\t"#)
    case 0..<0x20:
      let digits = Array("0123456789abcdef".utf8)
      raw(#"\u00"#)
      bytes.append(digits[Int(byte >> 4)])
      bytes.append(digits[Int(byte & 15)])
    default: bytes.append(byte)
    }
  }
}
