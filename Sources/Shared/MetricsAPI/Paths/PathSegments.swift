/// The segments of a path, each decoded exactly once.
struct PathSegments {
  private(set) var segments: [String] = []
  /// Whether the path ends with a slash that begins no segment.
  private(set) var hasTrailingSlash = false

  /// `path` begins with `/`.
  init(_ path: ArraySlice<UInt8>) throws(PathError) {
    segments.reserveCapacity(9)
    var segment: [UInt8] = []
    var index = path.startIndex + 1
    var start = index
    while true {
      if index == path.endIndex || path[index] == UInt8(ascii: "/") {
        if index == start {
          guard index == path.endIndex else { throw .emptySegment }
          hasTrailingSlash = !segments.isEmpty
          return
        }
        segments.append(try Self.text(segment))
        if index == path.endIndex { return }
        segment.removeAll(keepingCapacity: true)
        index += 1
        start = index
        continue
      }
      var byte = path[index]
      index += 1
      if byte == UInt8(ascii: "%") {
        guard index + 2 <= path.endIndex, let high = Self.digit(path[index]), let low = Self.digit(path[index + 1])
        else { throw .malformedEscape }
        byte = high << 4 | low
        guard byte != UInt8(ascii: "/") else { throw .encodedSlash }
        index += 2
      }
      guard byte >= 0x20, byte != 0x7f else { throw .controlCharacter }
      guard byte != UInt8(ascii: "\\") else { throw .backslash }
      segment.append(byte)
    }
  }

  private static func text(_ bytes: [UInt8]) throws(PathError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
    guard text != ".", text != ".." else { throw .dotSegment }
    return text
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 0x30
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 0x61 + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 0x41 + 10
    default: nil
    }
  }

  /// The inverse: a segment as it is sent on. What RFC 3986 allows in a segment stays as it is.
  static func encode(_ segment: String, into path: inout String) {
    for byte in segment.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"), UInt8(ascii: "@"), UInt8(ascii: ":"), UInt8(ascii: "$"), UInt8(ascii: "&"),
        UInt8(ascii: "+"), UInt8(ascii: "="):
        path.unicodeScalars.append(UnicodeScalar(byte))
      default:
        path.append("%")
        path.unicodeScalars.append(UnicodeScalar(hexadecimal[Int(byte >> 4)]))
        path.unicodeScalars.append(UnicodeScalar(hexadecimal[Int(byte & 15)]))
      }
    }
  }

  private static let hexadecimal = Array("0123456789ABCDEF".utf8)
}
