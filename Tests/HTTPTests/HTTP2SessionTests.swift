import EventLoop
import Testing

@testable import HTTP

/// A session apart from I/O, and what it has said so far.
private final class Side {
  let session: HTTP2Session
  var sent: [UInt8] = []
  /// Why the connection is beyond use, if it is.
  var failure: HTTP2Error?
  var events: [HTTP2Session.Event] = []

  init(_ role: HTTP2Session.Role, _ limits: HTTP2Session.Limits = .init()) throws {
    session = try HTTP2Session(role: role, limits: limits)
  }

  var hasEnded: Bool { failure != nil || session.isFinished }

  /// Takes `bytes`, and says what there is to say.
  @discardableResult func take(_ bytes: [UInt8], at now: MonotonicTime = .now()) -> [UInt8] {
    var output: [UInt8] = []
    do {
      try bytes.withUnsafeBytes { try session.receive($0, at: now) }
      events += session.events
      session.events = []
      try session.send(into: &output, limit: .max)
    } catch {
      failure = error as? HTTP2Error
    }
    events += session.events
    session.events = []
    sent += output
    return output
  }

  var requests: [Int32] { events.compactMap { if case .request(let id) = $0 { id } else { nil } } }
  var closed: [Int32: HTTP2Error.Code] {
    events.reduce(into: [:]) { if case .closed(let stream, let code) = $1 { $0[stream.id] = code } }
  }
  var goAwayCodes: [UInt32] {
    Frame.cut(sent).filter { $0.type == Frame.Kind.goAway.rawValue }.map { frame in
      frame.payload[4..<8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
  }
}

private func server(_ limits: HTTP2Session.Limits = .init()) throws -> Side {
  let side = try Side(.server, limits)
  side.take(Frame.preface + Frame.settings())
  return side
}

/// A client with one request on its way, stream 1, to a backend that has said its first word.
private func client(_ limits: HTTP2Session.Limits = .init()) throws -> (Side, HTTP2Stream) {
  let side = try Side(.client, limits)
  side.take([])
  side.take(Frame.settings() + Frame(.settings, flags: Frame.acknowledgement).bytes)
  let stream = try side.session.open(ClientRequest(target: "/", authority: "backend.test"))
  side.take([])
  return (side, stream)
}

@Suite struct HTTP2SessionTests {
  @Test func `a request and its answer cross two sessions`() throws {
    let (server, client) = (try Side(.server), try Side(.client))
    func talk() {
      var said = server.take([]) + server.take(client.take([]))
      while !said.isEmpty { said = server.take(client.take(said)) }
    }
    let fields = [ClientRequest.Field("Accept", "application/json"), .init("authorization", "t", isIndexed: false)]
    let stream = try client.session.open(ClientRequest(target: "/a?b=c", authority: "x", fields: fields))
    talk()
    let id = try #require(server.requests.first)
    let request = try #require(server.session.streams[id]?.received.request(hasBody: false))
    #expect(request.method == .get)
    #expect(request.path.elementsEqual("/a".utf8))
    #expect(request.query.elementsEqual("b=c".utf8))
    #expect(request.headers.first("accept").map { String(decoding: $0, as: UTF8.self) } == "application/json")
    let body = [UInt8](repeating: 7, count: 100_000)
    server.session.answer(
      id, Response(status: 200, contentType: "x/y", body: body), date: [], includesBody: true, deadline: .distantFuture)
    talk()
    #expect(client.closed[stream.id] == .noError)
    #expect(stream.body.count == body.count)
    #expect(stream.isRemoteEnded)
    #expect(server.session.streams.isEmpty)
  }

  // MARK: Hostile callers

  private static let floods: [(String, [UInt8])] = [
    ("PING", Frame(.ping, [UInt8](repeating: 0, count: 8)).bytes),
    ("PING ACK", Frame(.ping, flags: Frame.acknowledgement, [UInt8](repeating: 0, count: 8)).bytes),
    ("SETTINGS", Frame.settings()),
    ("PRIORITY", Frame(.priority, stream: 3, Frame.word(1) + [16]).bytes),
    ("empty DATA", Frame(.data, stream: 1).bytes),
    ("RST_STREAM", Frame.reset(1, 8)),
  ]

  @Test(arguments: floods.map(\.0)) func `a flood of frames that move nothing on ends the connection`(
    _ name: String
  ) throws {
    let frame = try #require(Self.floods.first { $0.0 == name }).1
    let side = try server()
    side.take(Frame.headers(1, Frame.request("/"), endStream: false))
    var count = 0
    let now = MonotonicTime.now()
    while !side.hasEnded, count < 10_000 {
      side.take(frame, at: now)
      count += 1
    }
    #expect(count <= FrameBudget.burst + 1)
  }

  @Test func `a caller that opens and resets streams is sent away`() throws {
    let side = try server()
    var id: UInt32 = 1
    while !side.hasEnded, id < 20_000 {
      side.take(Frame.get(id) + Frame.reset(id, 8))
      id += 2
    }
    #expect(id < 2 * UInt32(FrameBudget.burst) + 2)
    #expect(side.session.streams.isEmpty)
  }

  @Test func `a field section that goes on and on ends the connection`() throws {
    let side = try server()
    side.take(Frame(.headers, stream: 1, Frame.encode(Frame.request("/"))).bytes)
    #expect(side.session.openHead?.stream == 1)
    var count = 0
    while !side.hasEnded, count < 100 {
      side.take(Frame(.continuation, stream: 1, Frame.encode([("x", "y")])).bytes)
      count += 1
    }
    #expect(count < 20)
    #expect(side.requests.isEmpty)
  }

  /// A literal of 3,900 bytes that the table keeps (index 62), and one byte for each further mention of it.
  private func mentions(_ count: Int) -> [UInt8] {
    let value = String(repeating: "v", count: 3900)
    let literal = [0x40] + Frame.integer(1, prefix: 7) + Array("x".utf8) + Frame.integer(3900, prefix: 7)
    return literal + Array(value.utf8) + [UInt8](repeating: 0x80 | 62, count: count)
  }

  @Test func `references to one large field do not grow beyond the bound`() throws {
    let side = try server()
    side.take(Frame(.headers, flags: 5, stream: 1, Frame.encode(Frame.request("/")) + mentions(30)).bytes)
    let stream = try #require(side.session.streams[1])
    #expect(side.requests == [1])
    #expect(stream.received.isTooLarge)
    #expect(stream.received.block.bytes.count <= side.session.limits.headerBytes)
    #expect(!side.hasEnded)
  }

  @Test(arguments: [false, true]) func `references without end are not looked at, and end the connection`(
    _ areTrailers: Bool
  ) throws {
    let side = try server()
    if areTrailers {
      side.take(Frame.headers(1, Frame.request("/"), endStream: false))
      side.take(Frame(.headers, flags: 5, stream: 1, mentions(12_000)).bytes)
    } else {
      side.take(Frame(.headers, flags: 5, stream: 1, Frame.encode(Frame.request("/")) + mentions(12_000)).bytes)
      #expect(side.requests.isEmpty)
    }
    #expect(side.hasEnded)
    #expect(side.goAwayCodes.last == 11)
  }

  @Test func `a caller that makes the server reset streams is sent away`() throws {
    let side = try server()
    var id: UInt32 = 1
    while !side.hasEnded, id < 20_000 {
      // A request to work on, and a window that grows too far.
      let grow = Frame(.windowUpdate, stream: id, Frame.word(0x7fff_ffff)).bytes
      side.take(Frame.get(id) + grow)
      id += 2
    }
    #expect(id <= 2 * UInt32(FrameBudget.burst) + 3)
    #expect(side.goAwayCodes.last == 11)
  }

  private static let badRequests: [(String, [(String, String)])] = [
    ("duplicate pseudo field", Frame.request("/") + [(":path", "/b")]),
    ("no path", [(":method", "GET"), (":scheme", "https"), (":authority", "a")]),
    ("empty path", [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "")]),
    ("no method", [(":scheme", "https"), (":authority", "a"), (":path", "/")]),
    ("no scheme", [(":method", "GET"), (":authority", "a"), (":path", "/")]),
    ("neither authority nor host", [(":method", "GET"), (":scheme", "https"), (":path", "/")]),
    ("pseudo field behind others", [(":method", "GET"), ("a", "b"), (":scheme", "https"), (":path", "/")]),
    ("unknown pseudo field", Frame.request("/") + [(":protocol", "x")]),
    ("pseudo field of an answer", Frame.request("/") + [(":status", "200")]),
    ("upper case", Frame.request("/") + [("Accept", "x")]),
    ("connection", Frame.request("/") + [("connection", "close")]),
    ("transfer-encoding", Frame.request("/") + [("transfer-encoding", "chunked")]),
    ("upgrade", Frame.request("/") + [("upgrade", "h2c")]),
    ("keep-alive", Frame.request("/") + [("keep-alive", "1")]),
    ("proxy-connection", Frame.request("/") + [("proxy-connection", "x")]),
    ("te", Frame.request("/") + [("te", "gzip")]),
    ("line break in a value", Frame.request("/") + [("a", "b\r\nc: d")]),
    ("NUL in a value", Frame.request("/") + [("a", "b\u{0}")]),
    ("line break in a name", Frame.request("/") + [("a\r\nb", "c")]),
    ("colon in a name", Frame.request("/") + [("a:b", "c")]),
    ("space in a name", Frame.request("/") + [("a ", "c")]),
    ("empty name", Frame.request("/") + [("", "c")]),
    ("two lengths", Frame.request("/") + [("content-length", "0"), ("content-length", "0")]),
    ("length of a body that is not there", Frame.request("/") + [("content-length", "3")]),
    ("negative length", Frame.request("/") + [("content-length", "-1")]),
  ]

  @Test(arguments: badRequests.map(\.0)) func `a request that breaks the rules of messages ends its stream alone`(
    _ name: String
  ) throws {
    let fields = try #require(Self.badRequests.first { $0.0 == name }).1
    let side = try server()
    side.take(Frame.headers(1, fields))
    #expect(side.requests.isEmpty)
    #expect(side.closed[1] == .protocolError)
    #expect(side.session.openHead == nil)
    side.take(Frame.get(3))
    #expect(side.requests == [3])
    #expect(!side.hasEnded)
  }

  @Test(arguments: [
    ("*", "GET"), ("a", "GET"), ("/a b", "GET"), ("/a#b", "GET"), ("http://a/", "GET"), ("/\u{e9}", "GET"),
  ]) func `a path that no request of ours has makes no request`(_ path: String, _ method: String) throws {
    let side = try server()
    side.take(
      Frame.headers(1, [(":method", method), (":scheme", "https"), (":authority", "a"), (":path", path)]))
    let request = side.session.streams[1]?.received.request(hasBody: false)
    #expect(request == nil)
    #expect(!side.hasEnded)
  }

  @Test func `CONNECT makes no request`() throws {
    let side = try server()
    side.take(Frame.headers(1, [(":method", "CONNECT"), (":authority", "a:443")]))
    #expect(side.session.streams[1]?.received.request(hasBody: false) == nil)
  }

  private static let violations: [(String, [UInt8])] = [
    ("DATA on no stream", Frame(.data, [1]).bytes),
    ("HEADERS on no stream", Frame(.headers, flags: 5, Frame.encode(Frame.request("/"))).bytes),
    ("stream of even number", Frame.get(2)),
    ("PUSH_PROMISE", Frame(.pushPromise, flags: 4, stream: 1, Frame.word(2)).bytes),
    ("CONTINUATION out of place", Frame(.continuation, flags: 4, stream: 1).bytes),
    ("SETTINGS of odd length", Frame(.settings, [1, 2, 3]).bytes),
    ("SETTINGS on a stream", Frame(.settings, stream: 1).bytes),
    ("PING of 7 bytes", Frame(.ping, [1, 2, 3, 4, 5, 6, 7]).bytes),
    ("frame larger than allowed", Frame(.data, stream: 1, [UInt8](repeating: 0, count: 16_385)).bytes),
    ("connection window overflow", Frame(.windowUpdate, Frame.word(0x7fff_ffff)).bytes),
    ("no increment", Frame(.windowUpdate, Frame.word(0)).bytes),
    ("DATA on a stream that is not open", Frame(.data, stream: 7, [1]).bytes),
    ("reset of a stream that is not open", Frame.reset(9, 8)),
    ("broken HPACK", Frame(.headers, flags: 5, stream: 1, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).bytes),
    ("index beyond the table", Frame(.headers, flags: 5, stream: 1, [0x80 | 99]).bytes),
    (
      "another frame within a field section",
      Frame(.headers, stream: 1).bytes + Frame(.ping, [0, 0, 0, 0, 0, 0, 0, 0]).bytes
    ),
    ("initial window beyond 2^31-1", Frame.settings([(4, 0x8000_0000)])),
    ("frame size below 16384", Frame.settings([(5, 100)])),
    ("33 settings", Frame.settings((0..<33).map { _ in (4, 65_535) })),
  ]

  @Test(arguments: violations.map(\.0)) func `a frame that breaks the rules of the connection ends it`(
    _ name: String
  ) throws {
    let bytes = try #require(Self.violations.first { $0.0 == name }).1
    for step in [1, Int.max] {
      let side = try server()
      var rest = bytes[...]
      while !rest.isEmpty, !side.hasEnded {
        side.take(Array(rest.prefix(step)))
        rest = rest.dropFirst(step)
      }
      #expect(side.hasEnded)
      #expect(side.failure != nil || side.goAwayCodes.last.map { $0 != 0 } == true)
      #expect(side.requests.isEmpty)
    }
  }

  @Test(arguments: ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"])
  func `who begins with something else is not answered`(_ text: String) throws {
    let side = try Side(.server)
    side.take(Array(text.utf8))
    #expect(side.failure != nil)
  }

  @Test func `streams beyond those allowed are refused, the others answered`() throws {
    var limits = HTTP2Session.Limits()
    limits.concurrentStreams = 3
    let side = try server(limits)
    for id: UInt32 in [1, 3, 5, 7, 9] { side.take(Frame.get(id)) }
    #expect(side.requests == [1, 3, 5])
    #expect(Frame.cut(side.sent).filter { $0.type == Frame.Kind.reset.rawValue }.map(\.stream) == [7, 9])
    #expect(!side.hasEnded)
  }

  @Test func `trailers add nothing to a request`() throws {
    let side = try server()
    side.take(Frame.headers(1, Frame.request("/"), endStream: false))
    side.take(Frame.headers(1, [("x-remote-user", "root")]))
    #expect(side.requests == [1])
    #expect(side.session.streams[1]?.received.block.first("x-remote-user") == nil)
    #expect(side.session.streams[1]?.isRemoteEnded == true)
  }

  @Test func `an answer to a caller that still sends a body resets the stream without an error`() throws {
    let side = try server()
    side.take(Frame.headers(1, Frame.request("/"), endStream: false))
    side.session.answer(1, .text(200, "ok"), date: [], includesBody: true, deadline: .distantFuture)
    side.take([])
    let reset = try #require(Frame.cut(side.sent).last)
    #expect(reset.type == Frame.Kind.reset.rawValue && reset.payload == Frame.word(0))
    #expect(side.closed[1] == .noError)
  }

  @Test func `a caller that gives up an answer half sent leaves nothing behind`() throws {
    let side = try server()
    side.take(Frame.get(1))
    let body = [UInt8](repeating: 7, count: 1_000_000)
    side.session.answer(
      1, Response(status: 200, contentType: nil, body: body), date: [], includesBody: true, deadline: .distantFuture)
    side.take([])
    #expect(side.session.streams.count == 1)
    side.take(Frame.reset(1, 8))
    #expect(side.session.streams.isEmpty)
    side.take(Frame(.windowUpdate, Frame.word(1_000_000)).bytes)
    #expect(!side.hasEnded)
    #expect(Frame.cut(side.sent).filter { $0.type == 0 }.reduce(0) { $0 + $1.payload.count } <= 65_535)
  }

  @Test func `a session that ends with answers half sent ends well`() throws {
    for _ in 0..<10 {
      let side = try server()
      for id in stride(from: UInt32(1), to: 100, by: 2) {
        side.take(Frame.get(id))
        side.session.answer(
          Int32(id), Response(status: 200, contentType: nil, body: [UInt8](repeating: 1, count: 9000)), date: [],
          includesBody: true, deadline: .distantFuture)
      }
      side.take([])
      #expect(!side.session.streams.isEmpty)
    }
  }

  // MARK: Hostile backends

  private static let ok = [(":status", "200"), ("content-type", "application/json")]

  @Test func `a whole answer is one that the backend has ended`() throws {
    let (side, stream) = try client()
    side.take(Frame.headers(1, Self.ok, endStream: false) + Frame.data(1, "{", endStream: false) + Frame.data(1, "}"))
    #expect(side.closed[1] == .noError)
    #expect(stream.isRemoteEnded)
    #expect(stream.body == Array("{}".utf8))
  }

  @Test func `an answer cut off by a reset without an error is not whole`() throws {
    let (side, stream) = try client()
    side.take(Frame.headers(1, Self.ok, endStream: false) + Frame.data(1, "{}", endStream: false) + Frame.reset(1, 0))
    #expect(side.closed[1] == .noError)
    #expect(!stream.isRemoteEnded)
  }

  private static let badAnswers: [(String, [UInt8])] = [
    ("longer than said", Frame.headers(1, ok + [("content-length", "1")], endStream: false) + Frame.data(1, "{}")),
    ("shorter than said", Frame.headers(1, ok + [("content-length", "3")], endStream: false) + Frame.data(1, "{}")),
    ("two lengths", Frame.headers(1, ok + [("content-length", "2"), ("content-length", "2")])),
    ("no status", Frame.headers(1, [("content-type", "x")])),
    ("two statuses", Frame.headers(1, [(":status", "200"), (":status", "200")])),
    ("status of four digits", Frame.headers(1, [(":status", "2000")])),
    ("101", Frame.headers(1, [(":status", "101")], endStream: false)),
    ("interim that ends", Frame.headers(1, [(":status", "103")])),
    ("upper case", Frame.headers(1, ok + [("Retry-After", "1")])),
    ("connection", Frame.headers(1, ok + [("connection", "close")])),
    ("line break in a value", Frame.headers(1, ok + [("retry-after", "1\r\nx: y")])),
    ("pseudo field of a request", Frame.headers(1, ok + [(":path", "/")])),
  ]

  @Test(arguments: badAnswers.map(\.0)) func `an answer that breaks the rules of messages is none`(
    _ name: String
  ) throws {
    let bytes = try #require(Self.badAnswers.first { $0.0 == name }).1
    let (side, stream) = try client()
    side.take(bytes)
    #expect(side.closed[1] == .protocolError)
    #expect(!(stream.isHeadComplete && stream.isRemoteEnded && side.closed[1] == .noError))
    #expect(!side.hasEnded)
  }

  @Test func `a field section beyond the bound gives the stream up`() throws {
    let (side, stream) = try client()
    let fields = (0..<20).map { ("x-\($0)", String(repeating: "v", count: 4000)) }
    let block = Frame.encode(Self.ok + fields)
    let parts = stride(from: 0, to: block.count, by: 16_384).map { Array(block[$0..<min($0 + 16_384, block.count)]) }
    side.take(Frame(.headers, stream: 1, parts[0]).bytes)
    for part in parts[1...] {
      side.take(Frame(.continuation, flags: part == parts.last ? 4 : 0, stream: 1, part).bytes)
    }
    #expect(stream.violation == .headTooLarge(limit: 65_536))
    #expect(side.closed[1] == .cancel)
  }

  @Test func `a body beyond the bound gives the stream up and is not kept`() throws {
    var limits = HTTP2Session.Limits()
    limits.bodyBytes = 10
    let (side, stream) = try client(limits)
    side.take(Frame.headers(1, Self.ok, endStream: false) + Frame.data(1, "0123456789", endStream: false))
    #expect(stream.violation == nil)
    side.take(Frame.data(1, "x", endStream: false))
    #expect(stream.violation == .bodyTooLarge(limit: 10))
    #expect(stream.body.isEmpty)
    #expect(side.closed[1] == .cancel)
  }

  @Test func `a few early hints are read over, endless ones are not`() throws {
    let hint = Frame.headers(1, [(":status", "103"), ("link", "x")], endStream: false)
    let (side, stream) = try client()
    for _ in 0..<InterimBudget.most { side.take(hint) }
    side.take(Frame.headers(1, Self.ok))
    #expect(side.closed[1] == .noError)
    #expect(stream.received.block.first("link") == nil)
    let (other, hinted) = try client()
    for _ in 0...InterimBudget.most { other.take(hint) }
    #expect(hinted.violation == .unexpectedInformational(103))
    #expect(other.closed[1] == .cancel)
  }

  private static let backendViolations: [(String, [UInt8])] = [
    ("DATA before HEADERS", Frame.data(1, "{}")),
    ("PUSH_PROMISE", Frame(.pushPromise, flags: 4, stream: 1, Frame.word(2) + Frame.encode(Frame.request("/"))).bytes),
    ("a stream of its own", Frame.headers(2, ok)),
    ("broken HPACK", Frame(.headers, flags: 5, stream: 1, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).bytes),
    ("frame larger than allowed", Frame(.data, stream: 1, [UInt8](repeating: 0, count: 16_385)).bytes),
  ]

  @Test(arguments: backendViolations.map(\.0)) func `a backend that breaks the rules of the connection is told so`(
    _ name: String
  ) throws {
    let bytes = try #require(Self.backendViolations.first { $0.0 == name }).1
    let (side, stream) = try client()
    side.take(bytes)
    #expect(side.hasEnded)
    #expect(side.session.complaint != nil)
    #expect(side.goAwayCodes.last.map { $0 != 0 } == true)
    #expect(!stream.isHeadComplete)
  }

  @Test func `a backend that refers without end is told so`() throws {
    let (side, stream) = try client()
    side.take(Frame(.headers, flags: 4, stream: 1, Frame.encode(Self.ok) + mentions(12_000)).bytes)
    #expect(side.hasEnded)
    #expect(side.session.complaint == .enhanceYourCalm)
    #expect(!stream.isHeadComplete)
  }

  @Test func `a push before the settings are acknowledged is refused as well`() throws {
    let side = try Side(.client)
    let stream = try side.session.open(ClientRequest(target: "/", authority: "backend.test"))
    side.take(Frame.settings())
    side.take(Frame(.pushPromise, flags: 4, stream: 1, Frame.word(2) + Frame.encode(Frame.request("/"))).bytes)
    #expect(Frame.cut(side.sent).last.map { $0.type == Frame.Kind.reset.rawValue && $0.stream == 2 } == true)
    #expect(stream.received.block.fields.isEmpty && stream.received.path == nil)
    side.take(Frame.headers(1, Self.ok))
    #expect(stream.isHeadComplete && side.closed[1] == .noError)
  }

  @Test func `a backend that goes is told apart from one that stays`() throws {
    let (side, _) = try client()
    side.take(Frame.goAway(last: 0, 0))
    guard case .goAway(lastStream: 0, code: .noError)? = side.events.first else {
      Issue.record("expected goAway")
      return
    }
    #expect(!side.session.allowsRequest)
  }

  @Test func `a flood from a backend ends the connection`() throws {
    for frame in [Frame(.ping, [UInt8](repeating: 0, count: 8)).bytes, Frame.settings()] {
      let (side, _) = try client()
      var count = 0
      let now = MonotonicTime.now()
      while !side.hasEnded, count < 10_000 {
        side.take(frame, at: now)
        count += 1
      }
      #expect(count <= FrameBudget.burst + 1)
    }
  }
}
