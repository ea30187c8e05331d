/// Reads one answer of a backend from bytes as they arrive, whole: head and body. A value apart from I/O.
package struct HTTP1ResponseParser {
  /// An answer as the backend gave it.
  package struct Answer: Sendable {
    package var status: Int
    package var headers: HeaderBlock
    package var body: [UInt8]
    /// Whether the backend lets the connection live on.
    package var keepsAlive: Bool
  }

  private enum State {
    case head
    case fixed(left: Int)
    case chunked(ChunkedBodyDecoder)
    case complete
  }

  private let headLimit: Int
  private let bodyLimit: Int
  private var scanner: HTTP1HeadScanner
  private var state = State.head
  private var interim = InterimBudget()
  private var answer = Answer(status: 0, headers: HeaderBlock(), body: [], keepsAlive: false)

  package init(headLimit: Int = 64 * 1024, bodyLimit: Int) {
    self.headLimit = headLimit
    self.bodyLimit = bodyLimit
    scanner = HTTP1HeadScanner(limit: headLimit)
  }

  /// The answer, once it is whole.
  package var result: Answer? { if case .complete = state { answer } else { nil } }

  /// How many bytes of the body have come.
  var bodyCount: Int { answer.body.count }

  /// Takes from the front of `bytes` what it can use, and returns how much that was; the caller offers the rest again,
  /// with more behind it. Bytes behind a whole answer are not taken.
  package mutating func parse(_ bytes: UnsafeRawBufferPointer) throws(MessageError) -> Int {
    var consumed = 0
    while true {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[consumed...])
      switch state {
      case .head:
        let step = try scanner.scan(rest)
        guard let line = scanner.firstLine else { return consumed }
        guard case .complete(let end) = step else {
          // Who speaks another protocol is not waited for.
          _ = try Self.statusLine(rest, line)
          return consumed
        }
        try readHead(rest, line: line, end: end)
        consumed += end
      case .fixed(let left):
        let take = min(left, rest.count)
        answer.body.append(contentsOf: UnsafeRawBufferPointer(rebasing: rest[..<take]))
        consumed += take
        state = left == take ? .complete : .fixed(left: left - take)
        if left != take { return consumed }
      case .chunked(var decoder):
        consumed += try decoder.decode(rest, into: &answer.body)
        state = decoder.isComplete ? .complete : .chunked(decoder)
        if !decoder.isComplete { return consumed }
      case .complete: return consumed
      }
    }
  }

  private static func statusLine(
    _ bytes: UnsafeRawBufferPointer, _ line: Range<Int>
  ) throws(MessageError) -> (status: Int, minor: Int) {
    // RFC 9112 §4: HTTP-version SP 3DIGIT SP [reason]; the last space is often left out.
    guard line.count >= 12, bytes[line.lowerBound + 8] == 0x20 else { throw .malformedStatusLine }
    let minor = try minorVersion(bytes[line.lowerBound..<(line.lowerBound + 8)])
    var status = 0
    for byte in bytes[(line.lowerBound + 9)..<(line.lowerBound + 12)] {
      guard byte >= 0x30, byte <= 0x39 else { throw .malformedStatusLine }
      status = status * 10 + Int(byte - 0x30)
    }
    guard line.count == 12 || bytes[line.lowerBound + 12] == 0x20 else { throw .malformedStatusLine }
    for byte in bytes[line].dropFirst(13) where byte < 0x20 && byte != 0x09 || byte == 0x7f {
      throw .malformedStatusLine
    }
    guard status >= 100, status <= 599 else { throw .malformedStatusLine }
    return (status, minor)
  }

  private mutating func readHead(
    _ bytes: UnsafeRawBufferPointer, line: Range<Int>, end: Int
  ) throws(MessageError) {
    let (status, minor) = try Self.statusLine(bytes, line)
    if status < 200 {
      // An early hint or a pointless "100 Continue" is read over; a switch of protocols was not asked for.
      guard status != 101, interim.take() else { throw .unexpectedInformational(status) }
      scanner = HTTP1HeadScanner(limit: headLimit)
      return
    }
    var headers = HeaderBlock()
    headers.bytes = [UInt8](UnsafeRawBufferPointer(rebasing: bytes[..<end]))
    headers.fields = scanner.fields
    answer.status = status
    answer.headers = headers
    answer.keepsAlive =
      minor == 1 ? !headers.list("connection", contains: "close") : headers.list("connection", contains: "keep-alive")
    let framing = try BodyFraming(headers)
    // RFC 9112 §6.1: who speaks 1.0 does not know the encoding that it names.
    guard minor == 1 || framing != .chunked else { throw .unsupportedTransferEncoding }
    if status == 204 || status == 304 {
      state = .complete
      return
    }
    switch framing {
    case .none: throw .unframedBody
    case .length(let length):
      guard length <= bodyLimit else { throw .bodyTooLarge(limit: bodyLimit) }
      // Bounded: a length is a promise, and memory is given as the bytes arrive.
      answer.body.reserveCapacity(min(length, 256 * 1024))
      state = length == 0 ? .complete : .fixed(left: length)
    case .chunked: state = .chunked(ChunkedBodyDecoder(limit: bodyLimit))
    }
  }
}
