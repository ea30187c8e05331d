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
  package mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(HTTP1Error) -> Step {
    guard case .complete(let end) = try scanner.scan(bytes), let line = scanner.firstLine else { return .needsMore }
    let head = try Self.head(bytes, line: line, fields: scanner.fields, end: end)
    scanner = HTTP1HeadScanner(limit: limit)
    return .complete(head, consumed: end)
  }

  private static func head(
    _ bytes: UnsafeRawBufferPointer, line: Range<Int>, fields: [HeaderBlock.Field], end: Int
  ) throws(HTTP1Error) -> RequestHead {
    var index = line.lowerBound
    while index < line.upperBound, isTokenByte(bytes[index]) { index += 1 }
    guard index > line.lowerBound, index < line.upperBound, bytes[index] == 0x20 else { throw .malformedRequestLine }
    let method = Self.method(bytes[line.lowerBound..<index])
    let target = index + 1
    index = target
    var queryStart: Int?
    while index < line.upperBound, bytes[index] > 0x20, bytes[index] < 0x7f {
      if bytes[index] == UInt8(ascii: "?"), queryStart == nil { queryStart = index + 1 }
      if bytes[index] == UInt8(ascii: "#") { throw .malformedRequestLine }
      index += 1
    }
    let isOrigin = index > target && bytes[target] == UInt8(ascii: "/")
    let isAsterisk = index == target + 1 && bytes[target] == UInt8(ascii: "*") && method == .options
    guard isOrigin || isAsterisk, index < line.upperBound, bytes[index] == 0x20 else { throw .malformedRequestLine }
    let minor = try minorVersion(bytes[(index + 1)..<line.upperBound])

    var headers = HeaderBlock()
    headers.bytes = [UInt8](bytes[..<end])
    headers.fields = fields
    let framing = try BodyFraming(headers)
    if minor == 1 {
      // RFC 9112 §3.2: none or several are a way to smuggle.
      guard headers.all("host").count == 1 else { throw .missingHost }
    } else if framing == .chunked {
      throw .unsupportedTransferEncoding
    }
    let keepsAlive =
      minor == 1 ? !headers.list("connection", contains: "close") : headers.list("connection", contains: "keep-alive")
    return RequestHead(
      method: method, headers: headers, pathRange: target..<(queryStart.map { $0 - 1 } ?? index),
      queryRange: (queryStart ?? index)..<index, keepsAlive: keepsAlive,
      hasBody: framing != .none && framing != .length(0))
  }

  private static func method(_ bytes: Slice<UnsafeRawBufferPointer>) -> RequestHead.Method {
    if bytes.elementsEqual("GET".utf8) { return .get }
    if bytes.elementsEqual("HEAD".utf8) { return .head }
    if bytes.elementsEqual("OPTIONS".utf8) { return .options }
    return .other(String(decoding: bytes, as: UTF8.self))
  }
}

/// `HTTP/1.0` or `HTTP/1.1` and nothing else.
func minorVersion(_ bytes: Slice<UnsafeRawBufferPointer>) throws(HTTP1Error) -> Int {
  guard bytes.count == 8, bytes.starts(with: "HTTP/1.".utf8) else { throw .unsupportedVersion }
  switch bytes[bytes.endIndex - 1] {
  case UInt8(ascii: "1"): return 1
  case UInt8(ascii: "0"): return 0
  default: throw .unsupportedVersion
  }
}
