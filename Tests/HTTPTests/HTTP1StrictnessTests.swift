import EventLoop
import Testing

@testable import HTTP

/// Requests that two readers could understand differently, as a caller sends them over a real connection: each is refused,
/// and what follows on the connection is answered by nobody (RFC 9112 §11.2).
@Suite struct HTTP1StrictnessTests {
  /// Behind each of them, in the same segment; its answer would be that of a smuggled request. The requests themselves
  /// are in `Tests/Fixtures/Smuggling`.
  private static let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"

  private static let refused = SmugglingCase.requests + [("head of 64 KiB and one byte", head(bytes: 65_537), 431)]

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

  private static let malformed =
    SmugglingCase.answers + [
      (
        "head of more than 64 KiB",
        "HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 65_600) + "\r\nContent-Length: 2\r\n\r\n{}",
        "header fields larger than 65536 bytes"
      )
    ]

  @Test(arguments: malformed.map(\.0)) func `an ambiguous answer is none, and asked for once`(
    _ name: String
  ) async throws {
    let (_, text, error) = try #require(Self.malformed.first { $0.0 == name })
    let (result, taken) = try await exchange(text)
    guard case .failure(.malformed(let found)) = result else {
      Issue.record("\(name): \(result)")
      return
    }
    #expect("\(found)" == error)
    #expect(taken < .seconds(1))
  }

  @Test func `what follows an answer is no answer to the next request`() async throws {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
    let backend = try ScriptedBackend(protocols: nil) { backend, connection in
      _ = await connection.frame(within: .milliseconds(50))
      backend.requests += 1
      try await connection.send(Array("\(answer){}\(answer)[]".utf8))
      _ = await connection.timeToEnd()
    }
    let loop = try EventLoop(name: "calling")
    let caller = Caller(loop)
    await caller.use(try await backend.start())
    for _ in 0..<5 { #expect(try body(await caller.get("/")) == "{}") }
    #expect(await backend.requests == 5)
    await caller.close()
    await backend.end()
    loop.stop()
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

@Suite struct SmugglingCorpusTests {
  @Test func `the corpus is there, each case of it under a name of its own`() {
    #expect(SmugglingCase.requests.count >= 80)
    #expect(SmugglingCase.answers.count >= 50)
    #expect(Set(SmugglingCase.requests.map(\.0)).count == SmugglingCase.requests.count)
    #expect(Set(SmugglingCase.answers.map(\.0)).count == SmugglingCase.answers.count)
  }
}
