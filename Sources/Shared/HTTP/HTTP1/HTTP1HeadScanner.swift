import Glibc

/// Cuts the head of an HTTP/1 message into its first line and its fields (RFC 9112 §2–5), strictly: CR LF only, no
/// folding, no space before the colon, no control characters. Remembers where it stopped, so that a head that arrives in
/// many pieces is still read once.
struct HTTP1HeadScanner {
  enum Step: Equatable {
    case needsMore
    /// The head ends before this offset.
    case complete(end: Int)
  }

  let limit: Int
  private(set) var firstLine: Range<Int>?
  private(set) var fields: [HeaderBlock.Field] = []
  private var position = 0

  init(limit: Int) {
    self.limit = limit
    fields.reserveCapacity(16)
  }

  /// `bytes` begins at the head's first byte and holds what was there at earlier calls.
  mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(MessageError) -> Step {
    guard let base = bytes.baseAddress else { return .needsMore }
    while position < bytes.count {
      guard let found = memchr(base + position, 0x0a, bytes.count - position) else { break }
      let lineFeed = UnsafeRawPointer(found) - base
      guard lineFeed < limit else { throw .headTooLarge(limit: limit) }
      guard lineFeed > position, bytes[lineFeed - 1] == 0x0d else { throw .bareLineFeed }
      let line = position..<(lineFeed - 1)
      position = lineFeed + 1
      if firstLine == nil {
        // One empty line before a request is forgiven (RFC 9112 §2.2) by nobody we talk to: refuse it.
        guard !line.isEmpty else { throw .malformedRequestLine }
        firstLine = line
      } else if line.isEmpty {
        return .complete(end: position)
      } else {
        fields.append(try Self.field(bytes, line))
      }
    }
    guard bytes.count < limit else { throw .headTooLarge(limit: limit) }
    return .needsMore
  }

  private static func field(
    _ bytes: UnsafeRawBufferPointer, _ line: Range<Int>
  ) throws(MessageError) -> HeaderBlock.Field {
    var index = line.lowerBound
    guard bytes[index] != 0x20, bytes[index] != 0x09 else { throw .foldedField }
    while index < line.upperBound, isTokenByte(bytes[index]) { index += 1 }
    guard index > line.lowerBound, index < line.upperBound, bytes[index] == UInt8(ascii: ":") else {
      throw .malformedField
    }
    let name = line.lowerBound..<index
    index += 1
    while index < line.upperBound, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    var end = line.upperBound
    while end > index, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    for offset in index..<end {
      let byte = bytes[offset]
      guard byte >= 0x20 && byte != 0x7f || byte == 0x09 else { throw .malformedField }
    }
    return HeaderBlock.Field(name: name, value: index..<end)
  }
}

/// RFC 9110 §5.6.2 `tchar`.
@inline(__always) func isTokenByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"):
    true
  case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
    UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
    UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
    true
  default: false
  }
}
