import EventLoop
import Testing

@testable import HTTP

/// Requests that two readers could understand differently, as a caller sends them over a real connection: each is refused,
/// and what follows on the connection is answered by nobody (RFC 9112 §11.2).
@Suite struct HTTP1StrictnessTests {
  /// Behind each of them, in the same segment; its answer would be that of a smuggled request.
  private static let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"

  private static let refused: [(String, String, Int)] = [
    ("CL and TE", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ("TE and CL", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", 400),
    ("CL twice, equal", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n", 400),
    ("CL twice, unequal", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n", 400),
    ("CL list", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 0\r\n\r\n", 400),
    ("CL negative", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
    ("CL signed", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n\r\n", 400),
    ("CL hexadecimal", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x0\r\n\r\n", 400),
    ("CL huge", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
    ("CL wraps", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n", 400),
    ("CL empty", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n", 400),
    ("CL with a space in it", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0 0\r\n\r\n", 400),
    ("CL with a decimal point", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0.0\r\n\r\n", 400),
    ("TE unknown", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", 501),
    ("TE list", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    (
      "TE twice",
      "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501
    ),
    ("TE chunked, chunked", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 501),
    ("TE quoted", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", 501),
    ("TE with parameter", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n", 501),
    ("TE misspelt", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
    ("TE with vertical tab", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u{b}chunked\r\n\r\n0\r\n\r\n", 400),
    ("TE with space before colon", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400),
    ("TE in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501),
    ("TE folded", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400),
    ("fold by tab", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\t2\r\n\r\n", 400),
    ("fold of the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400),
    ("bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400),
    ("bare LF between fields", "GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n", 400),
    ("bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400),
    ("bare CR in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r2\r\n\r\n", 400),
    ("bare CR in the request line", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("CR CR LF", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 505),
    ("NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \u{0}\r\n\r\n", 400),
    ("NUL in a name", "GET / HTTP/1.1\r\nHost: a\r\nX\u{0}: 1\r\n\r\n", 400),
    ("NUL in the target", "GET /\u{0} HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \u{7f}\r\n\r\n", 400),
    ("space before colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
    ("empty name", "GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n", 400),
    ("no colon", "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", 400),
    ("no Host", "GET / HTTP/1.1\r\n\r\n", 400),
    ("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", 400),
    ("absolute form", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("absolute form, https", "GET https://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 400),
    ("asterisk of GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("relative target", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("fragment", "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("tab for space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("space behind the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 505),
    ("no version, HTTP/0.9", "GET /\r\n\r\n", 400),
    ("version in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n", 505),
    ("HTTP/1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 505),
    ("HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
    ("preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    ("method that is no token", "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("no method", " / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("head of 64 KiB and one byte", head(bytes: 65_537), 431),
    ("TLS to a plain port", "\u{16}\u{3}\u{1}\r\n\r\n", 400),
  ]

  /// A request whose head is so many bytes long.
  private static func head(bytes: Int) -> String {
    let start = "GET /a HTTP/1.1\r\nHost: a\r\nX: "
    return start + String(repeating: "x", count: bytes - start.utf8.count - 4) + "\r\n\r\n"
  }

  @Test(arguments: refused.map(\.0)) func `an ambiguous request is refused, and what follows it is not read`(
    _ name: String
  ) async throws {
    let (_, text, status) = try #require(Self.refused.first { $0.0 == name })
    let setting = try await Setting.make(secure: false)
    let answer = try await setting.caller.converse(text + Self.smuggled, with: setting.address)
    #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer.prefix(60))")
    #expect(answer.contains("\r\nConnection: close\r\n"))
    #expect(!answer.dropFirst().contains("HTTP/1.1 2"))
    #expect(!answer.contains("/smuggled"))
    await setting.end()
  }

  private static let answered: [(String, String)] = [
    (
      "upgrade to h2c",
      "GET /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
    ),
    ("upgrade to websocket", "GET /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n"),
    (
      "head of 64 KiB",
      "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: " + String(repeating: "x", count: 65_000) + "\r\n\r\n"
    ),
    ("HTTP/1.0", "GET /a HTTP/1.0\r\n\r\n"),
    ("HTTP/1.0 with Host", "GET /a HTTP/1.0\r\nHost: a\r\n\r\n"),
    ("empty value", "GET /a HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n"),
    ("bytes beyond ASCII in a value", "GET /a HTTP/1.1\r\nHost: a\r\nX: é\r\nConnection: close\r\n\r\n"),
  ]

  @Test(arguments: answered.map(\.0)) func `what is merely unusual is answered, and no protocol switched`(
    _ name: String
  ) async throws {
    let text = try #require(Self.answered.first { $0.0 == name }).1
    let setting = try await Setting.make(secure: false)
    let answer = try await setting.caller.converse(text, with: setting.address)
    #expect(answer.hasPrefix("HTTP/1.1 200 "), "\(answer.prefix(60))")
    #expect(answer.hasSuffix("\r\n\r\n/a"))
    await setting.end()
  }

  private static let bodies: [(String, String)] = [
    ("a length", "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: \(smuggled.utf8.count)\r\n\r\n\(smuggled)"),
    ("a length that is too short", "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx\(smuggled)"),
    ("a length that is too long", "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 999\r\n\r\n\(smuggled)"),
    ("chunks", "GET /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n\(smuggled)"),
    ("chunks that are none", "GET /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\(smuggled)"),
    (
      "an expectation",
      "GET /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx\(smuggled)"
    ),
  ]

  /// It is answered, as genericapiserver does, and the connection closed: nobody needs to know where the body ends.
  @Test(arguments: bodies.map(\.0)) func `a body of GET is not read, and nothing behind it`(_ name: String) async throws
  {
    let text = try #require(Self.bodies.first { $0.0 == name }).1
    let setting = try await Setting.make(secure: false)
    let answer = try await setting.caller.converse(text, with: setting.address)
    #expect(answer.hasPrefix("HTTP/1.1 200 "))
    #expect(answer.contains("\r\nConnection: close\r\n"))
    #expect(answer.hasSuffix("\r\n\r\n/a"))
    #expect(!answer.contains("100 Continue"))
    await setting.end()
  }

  @Test func `HTTP 1.0 is kept open where it asks for that`() async throws {
    let setting = try await Setting.make(secure: false)
    let answer = try await setting.caller.converse(
      "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /b HTTP/1.0\r\n\r\n", with: setting.address)
    #expect(answer.contains("\r\n\r\n/aHTTP/1.1 200 "))
    #expect(answer.hasSuffix("\r\n\r\n/b"))
    await setting.end()
  }

  @Test func `requests before a bad one are answered, those behind it are not`() async throws {
    let setting = try await Setting.make(secure: false)
    let answer = try await setting.caller.converse(
      "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost : a\r\n\r\n" + Self.smuggled, with: setting.address)
    #expect(answer.contains("\r\n\r\n/aHTTP/1.1 400 "))
    #expect(!answer.contains("/smuggled"))
    await setting.end()
  }
}

/// Answers that two readers could understand differently, as a backend sends them.
@Suite struct HTTP1StrictnessOfBackendsTests {
  private func exchange(
    _ bytes: String, limit: Duration = .seconds(2), repeats: Bool = false
  ) async throws -> (Result<ReceivedResponse, ExchangeError>, Duration) {
    let backend = try ScriptedBackend(protocols: nil) { backend, connection in
      _ = await connection.frame(within: .milliseconds(50))
      backend.requests += 1
      repeat { try await connection.send(Array(bytes.utf8)) } while repeats
      _ = await connection.timeToEnd()
    }
    let loop = try EventLoop(name: "calling")
    let caller = Caller(loop)
    await caller.use(try await backend.start(), bodyBytes: 1 << 20)
    let start = MonotonicTime.now()
    let result = await caller.get("/", within: limit)
    let taken = MonotonicTime.now().since(start)
    #expect(await backend.requests == 1)
    await caller.close()
    await backend.end()
    loop.stop()
    return (result, taken)
  }

  private static let malformed: [(String, String, MessageError)] = [
    ("CL and TE", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", .conflictingLength),
    ("CL twice", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}", .conflictingLength),
    ("CL list", "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\n{}", .conflictingLength),
    ("CL negative", "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}", .conflictingLength),
    ("CL hexadecimal", "HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\n{}", .conflictingLength),
    ("CL huge", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}", .conflictingLength),
    ("CL beyond the bound", "HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n", .bodyTooLarge(limit: 1 << 20)),
    ("no length", "HTTP/1.1 200 OK\r\n\r\n{}", .unframedBody),
    ("TE unknown", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .unsupportedTransferEncoding),
    (
      "TE in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
      .unsupportedTransferEncoding
    ),
    ("folded field", "HTTP/1.1 200 OK\r\nX: 1\r\n 2\r\nContent-Length: 2\r\n\r\n{}", .foldedField),
    ("bare LF", "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", .bareLineFeed),
    ("bare CR in a value", "HTTP/1.1 200 OK\r\nX: 1\r2\r\nContent-Length: 2\r\n\r\n{}", .malformedField),
    ("bare CR in the reason", "HTTP/1.1 200 O\rK\r\nContent-Length: 2\r\n\r\n{}", .malformedStatusLine),
    ("NUL in the reason", "HTTP/1.1 200 \u{0}\r\nContent-Length: 2\r\n\r\n{}", .malformedStatusLine),
    ("NUL in a value", "HTTP/1.1 200 OK\r\nX: \u{0}\r\nContent-Length: 2\r\n\r\n{}", .malformedField),
    ("space before colon", "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n{}", .malformedField),
    ("HTTP/0.9", "{\"items\":[]}\r\n", .malformedStatusLine),
    ("HTTP/2.0", "HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", .unsupportedVersion),
    ("101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", .unexpectedInformational(101)),
    (
      "chunk size negative", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
      .malformedChunk
    ),
    (
      "chunk size with 0x", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n",
      .malformedChunk
    ),
    (
      "chunk behind bare LF", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n", .malformedChunk
    ),
    (
      "chunk longer than said", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}}\r\n0\r\n\r\n",
      .malformedChunk
    ),
    (
      "chunk with bare CR in an extension",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a\rb\r\n{}\r\n0\r\n\r\n", .malformedChunk
    ),
    (
      "trailer with bare LF", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nA: b\n\r\n",
      .malformedChunk
    ),
    (
      "head of more than 64 KiB",
      "HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 65_600) + "\r\nContent-Length: 2\r\n\r\n{}",
      .headTooLarge(limit: 65_536)
    ),
  ]

  @Test(arguments: malformed.map(\.0)) func `an ambiguous answer is none, and asked for once`(
    _ name: String
  ) async throws {
    let (_, text, error) = try #require(Self.malformed.first { $0.0 == name })
    let (result, taken) = try await exchange(text)
    #expect(throws: ExchangeError.malformed(error)) { try result.get() }
    #expect(taken < .seconds(1))
  }

  @Test func `endless early hints end by themselves`() async throws {
    let (result, taken) = try await exchange("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", repeats: true)
    #expect(throws: ExchangeError.malformed(.unexpectedInformational(103))) { try result.get() }
    #expect(taken < .seconds(1))
  }

  @Test func `a body that never ends costs the deadline and no more`() async throws {
    // Chunks of one byte within the bound, and extensions within theirs, for longer than anybody waits.
    let (result, taken) = try await exchange(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", limit: .milliseconds(300))
    #expect(throws: ExchangeError.timedOut("reading the answer")) { try result.get() }
    #expect(taken < .seconds(1))
  }
}
