import Testing

@testable import HTTP

/// Offers `text` in pieces, each time with what was not taken in front, as a connection does.
private func parse(
  _ text: String, step: Int = .max, bodyLimit: Int = 1 << 20
) throws -> (answer: HTTP1ResponseParser.Answer?, left: Int) {
  var parser = HTTP1ResponseParser(bodyLimit: bodyLimit)
  var rest = Array(text.utf8)[...]
  var pending: [UInt8] = []
  while !rest.isEmpty, parser.result == nil {
    pending += rest.prefix(step)
    rest = rest.dropFirst(step)
    let used = try pending.withUnsafeBytes { try parser.parse($0) }
    pending.removeFirst(used)
  }
  return (parser.result, pending.count + rest.count)
}

@Suite struct HTTP1ResponseParserTests {
  @Test(arguments: [1, 2, 5, Int.max]) func `a body of known length is read whole, and no further`(_ step: Int) throws {
    let (answer, left) = try parse(
      "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\nhelloX", step: step)
    #expect(answer?.status == 404)
    #expect(answer.map { String(decoding: $0.body, as: UTF8.self) } == "hello")
    #expect(answer?.keepsAlive == true)
    #expect(left == 1)
  }

  @Test(arguments: [1, 2, 5, Int.max]) func `a chunked body is put together`(_ step: Int) throws {
    let (answer, left) = try parse(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "5\r\nhello\r\n6;name=value\r\n world\r\n0\r\nTrailer: x\r\n\r\n", step: step)
    #expect(answer.map { String(decoding: $0.body, as: UTF8.self) } == "hello world")
    #expect(left == 0)
  }

  @Test func `an early hint is read over`() throws {
    let (answer, _) = try parse(
      "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    #expect(answer?.status == 200)
  }

  @Test func `an answer without a body is whole at the end of its head`() throws {
    #expect(try parse("HTTP/1.1 204 No Content\r\n\r\n").answer?.status == 204)
  }

  @Test func `a truncated body is no answer`() throws {
    #expect(try parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell").answer == nil)
    #expect(try parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n").answer == nil)
  }

  @Test(arguments: [
    ("HTTP/1.1 101 Switching\r\n\r\n", MessageError.unexpectedInformational(101)),
    ("HTTP/1.1 200 OK\r\n\r\nbody", .unframedBody),
    ("HTTP/1.1 2x0 OK\r\n\r\n", .malformedStatusLine),
    ("HTTP/1.1 200OK\r\n\r\n", .malformedStatusLine),
    ("HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n", .malformedStatusLine),
    ("HTTP/3.1 200 OK\r\n\r\n", .unsupportedVersion),
    ("garbage garbage garbage\r\n\r\n", .malformedStatusLine),
    ("SSH-2.0-OpenSSH\r\n\r\n", .malformedStatusLine),
    ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", .conflictingLength),
    ("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", .bodyTooLarge(limit: 1 << 20)),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFF\r\n", .bodyTooLarge(limit: 1 << 20)),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n", .malformedChunk),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello", .malformedChunk),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", .malformedChunk),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", .malformedChunk),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1111111111111111\r\n", .malformedChunk),
  ])
  func `a broken answer is refused`(_ text: String, _ error: MessageError) {
    for step in [1, Int.max] { #expect(throws: error) { try parse(text, step: step) } }
  }
}

@Suite struct HTTPDateTests {
  @Test func `a date has the form of RFC 9110`() {
    #expect(String(decoding: HTTPDate.render(784_111_777), as: UTF8.self) == "Sun, 06 Nov 1994 08:49:37 GMT")
  }
}
