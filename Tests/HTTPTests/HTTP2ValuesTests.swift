import EventLoop
import Testing

@testable import HTTP

private func append(_ name: String, _ value: String, to collector: inout HTTP2FieldCollector, limit: Int = 65_536) {
  let (name, value) = (Array(name.utf8), Array(value.utf8))
  name.withUnsafeBufferPointer { name in
    value.withUnsafeBufferPointer { collector.append(name: name, value: $0, limit: limit) }
  }
}

@Suite struct FrameBudgetTests {
  private let start = MonotonicTime(nanoseconds: 1_000_000_000_000)

  /// How many frames are let through at `now`, one more than a burst being tried.
  private func taken(_ budget: inout FrameBudget, at now: MonotonicTime) -> Int {
    (0...FrameBudget.burst).count { _ in budget.take(at: now) }
  }

  @Test func `a burst is had at once, and then what the seconds bring`() {
    var budget = FrameBudget()
    let counts = [start, start + .milliseconds(999), start + .seconds(1), start + .seconds(3)].map { time in
      taken(&budget, at: time)
    }
    #expect(counts == [FrameBudget.burst, 0, FrameBudget.perSecond, 2 * FrameBudget.perSecond])
  }

  @Test func `what is saved never exceeds a burst`() {
    var budget = FrameBudget()
    let counts = [start, start + .seconds(1_000_000)].map { time in taken(&budget, at: time) }
    #expect(counts == [FrameBudget.burst, FrameBudget.burst])
  }

  @Test func `a clock that stands still or goes back brings nothing`() {
    var budget = FrameBudget()
    let counts = [start, MonotonicTime(nanoseconds: 1), start].map { time in taken(&budget, at: time) }
    #expect(counts == [FrameBudget.burst, 0, 0])
  }

  @Test func `a steady rate below the bound goes on for ever`() {
    var budget = FrameBudget()
    let gap = Int64(1_000_000_000 / FrameBudget.perSecond)
    let refused = (0..<20_000).count { !budget.take(at: start.advanced(nanoseconds: Int64($0) * gap)) }
    #expect(refused == 0)
  }
}

@Suite struct RetryBudgetTests {
  /// How many retries are had in a row, `most` being tried.
  private func spent(_ budget: inout RetryBudget, _ most: Int = 20) -> Int { (0..<most).count { _ in budget.spend() } }

  @Test func `ten retries are had at once, and then one for five requests`() {
    var budget = RetryBudget()
    var counts = [spent(&budget)]
    for _ in 0..<4 { budget.earn() }
    counts.append(spent(&budget))
    budget.earn()
    counts.append(spent(&budget))
    #expect(counts == [10, 0, 1])
  }

  @Test func `where every request fails a fifth of them is sent twice`() {
    var budget = RetryBudget()
    let retries = (0..<10_000).count { _ in
      budget.earn()
      return budget.spend()
    }
    #expect((2000...2010).contains(retries))
  }

  @Test func `a quiet time does not save up more than ten`() {
    var budget = RetryBudget()
    for _ in 0..<10_000 { budget.earn() }
    let count = spent(&budget)
    #expect(count == 10)
  }
}

@Suite struct RequestTargetTests {
  @Test(arguments: [
    ("/", "/", ""), ("/a/b", "/a/b", ""), ("/a?", "/a", ""), ("/a?b", "/a", "b"), ("/a?b?c=/d", "/a", "b?c=/d"),
    ("/?x", "/", "x"), ("//a", "//a", ""), ("/%2A/a@b:c|d~", "/%2A/a@b:c|d~", ""), ("*", "*", ""),
  ])
  func `a target is a path and a query`(_ text: String, _ path: String, _ query: String) throws {
    // Not at the start of its memory, as in a head.
    let bytes = Array(("GET " + text + " HTTP/1.1").utf8)
    let target = try #require(RequestTarget(bytes, 4..<(4 + text.utf8.count)))
    #expect(String(decoding: bytes[target.path], as: UTF8.self) == path)
    #expect(String(decoding: bytes[target.query], as: UTF8.self) == query)
    #expect(target.isAsterisk == (text == "*"))
  }

  @Test(arguments: [
    "", "a", "?a", "**", "*/", "http://a/", "https://a/", "a:443", "/ ", " /", "/a b", "/a#b", "/#", "/\t", "/\u{0}",
    "/\r",
    "/\n", "/\u{7f}", "/\u{e9}",
  ])
  func `anything else is none`(_ text: String) {
    let bytes = Array(text.utf8)
    #expect(RequestTarget(bytes, 0..<bytes.count) == nil)
  }
}

@Suite struct HTTP2FieldCollectorTests {
  @Test func `pseudo fields are kept apart from the others`() throws {
    var collector = HTTP2FieldCollector()
    for (name, value) in [
      (":method", "HEAD"), (":scheme", "https"), (":authority", "a"), (":path", "/p?q"), ("x-a", "1"),
    ] {
      append(name, value, to: &collector)
    }
    let request = try #require(collector.request(hasBody: true))
    #expect(request.method == .head)
    #expect(request.version == .http2)
    #expect(request.path.elementsEqual("/p".utf8) && request.query.elementsEqual("q".utf8))
    #expect(request.hasBody && request.keepsAlive)
    #expect(request.headers.fields.count == 1)
    #expect(request.headers.first("x-a")?.elementsEqual("1".utf8) == true)
  }

  @Test func `a section is counted as the setting counts it`() {
    // 4 + 24 + 32 = 60 for each field.
    var collector = HTTP2FieldCollector()
    let value = String(repeating: "v", count: 24)
    for _ in 0..<2 { append("name", value, to: &collector, limit: 120) }
    #expect(!collector.isTooLarge)
    append("n", "", to: &collector, limit: 120)
    #expect(collector.isTooLarge)
    #expect(collector.block.fields.count == 2)
  }

  @Test func `beyond the bound nothing more is kept, however small`() {
    var collector = HTTP2FieldCollector()
    append("large", String(repeating: "v", count: 200), to: &collector, limit: 100)
    append("a", "b", to: &collector, limit: 100)
    #expect(collector.isTooLarge)
    #expect(collector.block.bytes.isEmpty && collector.block.fields.isEmpty)
  }

  @Test(arguments: [("*", "OPTIONS", true), ("*", "GET", false), ("/", "GET", true), ("a:1", "CONNECT", false)])
  func `the asterisk is for OPTIONS alone`(_ path: String, _ method: String, _ isOne: Bool) {
    var collector = HTTP2FieldCollector()
    append(":method", method, to: &collector)
    append(":path", path, to: &collector)
    #expect((collector.request(hasBody: false) != nil) == isOne)
  }

  @Test func `without a path there is no request`() {
    var collector = HTTP2FieldCollector()
    append(":method", "GET", to: &collector)
    #expect(collector.request(hasBody: false) == nil)
  }

  @Test(arguments: [("200", 200), ("503", 503), ("999", 999)]) func `a status is a number`(_ text: String, _ code: Int)
  {
    var collector = HTTP2FieldCollector()
    append(":status", text, to: &collector)
    #expect(collector.status == code)
  }
}

@Suite struct HTTP2FieldListTests {
  /// What a peer reads of a list: nghttp2 writes it, and nghttp2 reads it.
  private func received(_ fields: [ClientRequest.Field]) throws -> [(String, String)] {
    let (client, server) = (try HTTP2Session(role: .client), try HTTP2Session(role: .server))
    _ = try client.open(ClientRequest(target: "/", authority: "a", fields: fields))
    var bytes: [UInt8] = []
    try client.send(into: &bytes, limit: .max)
    try bytes.withUnsafeBytes { try server.receive($0, at: .now()) }
    let block = try #require(server.streams[1]).received.block
    return block.fields.map {
      (String(decoding: block.bytes[$0.name], as: UTF8.self), String(decoding: block.bytes[$0.value], as: UTF8.self))
    }
  }

  @Test func `names are sent in lower case, values as they are`() throws {
    let fields = try received([.init("Accept-Encoding", "GZip"), .init("x-empty", ""), .init("X_Y.Z", "AbC")])
    #expect(fields.map(\.0) == ["accept-encoding", "x-empty", "x_y.z"])
    #expect(fields.map(\.1) == ["GZip", "", "AbC"])
  }

  @Test(arguments: [true, false]) func `the peer remembers what is indexed, and nothing else`(
    _ isIndexed: Bool
  ) throws {
    let client = try HTTP2Session(role: .client)
    let field = ClientRequest.Field("x-long", String(repeating: "v", count: 200), isIndexed: isIndexed)
    for _ in 0..<2 { _ = try client.open(ClientRequest(target: "/", authority: "a", fields: [field])) }
    var bytes: [UInt8] = []
    try client.send(into: &bytes, limit: .max)
    let sizes = Frame.cut(bytes).filter { $0.type == Frame.Kind.headers.rawValue }.map(\.payload.count)
    #expect(sizes.count == 2 && sizes[0] > 100)
    #expect(isIndexed ? sizes[1] < 20 : sizes[1] > 100)
  }
}

@Suite struct InterimBudgetTests {
  @Test func `a few are read over`() {
    var budget = InterimBudget()
    let count = (0..<100).count { _ in budget.take() }
    #expect(count == InterimBudget.most)
  }
}
