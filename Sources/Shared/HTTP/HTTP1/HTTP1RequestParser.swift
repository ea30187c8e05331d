/// Reads request heads of HTTP/1.0 and 1.1 from bytes as they arrive. A value apart from I/O: give it what has been
/// received, and it says whether that holds a whole head.
package struct HTTP1RequestParser {
  package enum Step {
    case needsMore
    /// A head, and how many of the bytes it took.
    case complete(RequestHead, consumed: Int)
  }

  private let limit: Int
  private var scanner: HTTP1HeadScanner

  /// `limit`: the largest head in bytes.
  package init(limit: Int = 64 * 1024) {
    self.limit = limit
    scanner = HTTP1HeadScanner(limit: limit)
  }

  /// `bytes` begins at the first byte of a request and holds what earlier calls saw, until a head is complete; after that
  /// the parser is ready for the next one.
  package mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(MessageError) -> Step {
    guard case .complete(let end) = try scanner.scan(bytes), let line = scanner.firstLine else { return .needsMore }
    let head = try Self.head(bytes, line: line, fields: scanner.fields, end: end)
    scanner = HTTP1HeadScanner(limit: limit)
    return .complete(head, consumed: end)
  }

  private static func head(
    _ bytes: UnsafeRawBufferPointer, line: Range<Int>, fields: [HeaderBlock.Field], end headEnd: Int
  ) throws(MessageError) -> RequestHead {
    var index = line.lowerBound
    while index < line.upperBound, isTokenByte(bytes[index]) { index += 1 }
    guard index > line.lowerBound, index < line.upperBound, bytes[index] == 0x20 else { throw .malformedRequestLine }
    let method = RequestHead.Method(UnsafeRawBufferPointer(rebasing: bytes[line.lowerBound..<index]))
    let start = index + 1
    guard let end = bytes[start..<line.upperBound].firstIndex(of: 0x20),
      let target = RequestTarget(bytes, start..<end), !target.isAsterisk || method == .options
    else { throw .malformedRequestLine }
    let minor = try minorVersion(bytes[(end + 1)..<line.upperBound])

    var headers = HeaderBlock()
    headers.bytes = [UInt8](UnsafeRawBufferPointer(rebasing: bytes[..<headEnd]))
    headers.fields = fields
    let framing = try BodyFraming(headers)
    if minor == 1 {
      // RFC 9112 §3.2: none or several are a way to smuggle.
      guard headers.count(of: "host") == 1 else { throw .missingHost }
    } else if framing == .chunked {
      throw .unsupportedTransferEncoding
    }
    let keepsAlive =
      minor == 1 ? !headers.list("connection", contains: "close") : headers.list("connection", contains: "keep-alive")
    return RequestHead(
      method: method, version: .http1, headers: headers, pathRange: target.path, queryRange: target.query,
      keepsAlive: keepsAlive, hasBody: framing != .none && framing != .length(0))
  }
}

/// `HTTP/1.0` or `HTTP/1.1` and nothing else.
func minorVersion(_ bytes: Slice<UnsafeRawBufferPointer>) throws(MessageError) -> Int {
  guard bytes.count == 8, bytes.starts(with: "HTTP/1.".utf8) else { throw .unsupportedVersion }
  switch bytes[bytes.endIndex - 1] {
  case UInt8(ascii: "1"): return 1
  case UInt8(ascii: "0"): return 0
  default: throw .unsupportedVersion
  }
}
