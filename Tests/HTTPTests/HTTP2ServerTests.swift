import EventLoop
import Testing

@testable import HTTP

/// Scripted callers of HTTP/2: what time and patience they are given.
@Suite struct HTTP2ServerTests {
  private func withServer(
    _ change: (inout HTTPServer.Configuration) -> Void = { _ in },
    _ body: (Setting, ScriptedCaller) async throws -> Void
  ) async throws {
    var configuration = HTTPServer.Configuration()
    change(&configuration)
    let setting = try await Setting.make(secure: true, protocols: ["h2", "http/1.1"], configuration: configuration)
    let loop = try EventLoop(name: "hostile")
    try await body(setting, ScriptedCaller(loop))
    await setting.end()
    loop.stop()
  }

  /// Between a bound and the moment at which it was noticed on a busy machine.
  private func isAbout(_ bound: Duration, _ taken: Duration?) -> Bool {
    guard let taken else { return false }
    return taken >= bound - .milliseconds(50) && taken < bound + .seconds(2)
  }

  private static let unfinished: [(String, [UInt8])] = [
    ("nothing", []),
    ("half a preface", Array(Frame.preface.prefix(12))),
    ("a preface alone", Frame.preface),
    (
      "HEADERS without END_HEADERS",
      Frame.preface + Frame.settings() + Frame(.headers, stream: 1, Frame.encode(Frame.request("/"))).bytes
    ),
    ("half of a HEADERS frame", Frame.preface + Frame.settings() + Frame.get(1).prefix(20)),
  ]

  @Test(arguments: unfinished.map(\.0)) func `who begins and does not go on is closed at the time for heads`(
    _ name: String
  ) async throws {
    let bytes = try #require(Self.unfinished.first { $0.0 == name }).1
    try await withServer({ $0.headerTimeout = .milliseconds(400) }) { setting, caller in
      let taken = try await caller.converse(with: setting, preface: []) { _, connection in
        if !bytes.isEmpty { try await connection.send(bytes) }
        return await connection.timeToEnd()
      }
      #expect(isAbout(.milliseconds(400), taken))
    }
  }

  @Test func `other requests do not keep a head that never ends alive`() async throws {
    try await withServer({ $0.headerTimeout = .milliseconds(400) }) { setting, caller in
      let taken = try await caller.converse(with: setting) { _, connection in
        try await connection.send(
          Frame.get(1, "/never") + Frame(.headers, stream: 3, Frame.encode([(":path", "/")])).bytes)
        return await connection.timeToEnd()
      }
      #expect(isAbout(.milliseconds(400), taken))
    }
  }

  @Test func `answers that the caller makes no room for are given up`() async throws {
    try await withServer({ $0.writeTimeout = .milliseconds(500) }) { setting, caller in
      let resets = try await caller.converse(
        with: setting, preface: Frame.preface + Frame.settings([(4, 0)])
      ) { _, connection -> [UInt32] in
        for id in stride(from: UInt32(1), to: 200, by: 2) { try await connection.send(Frame.get(id, "/a")) }
        var resets: [UInt32] = []
        while resets.count < 100, let frame = await connection.frame(.reset) { resets.append(frame.stream) }
        // And the connection is good for the next one.
        try await connection.send(Frame.settings([(4, 65_535)]) + Frame.get(201, "/b"))
        guard await connection.frame(.data).map({ $0.payload.elementsEqual("/b".utf8) }) == true else { return [] }
        return resets
      }
      #expect(resets.sorted() == Array(stride(from: UInt32(1), to: 200, by: 2)))
    }
  }

  @Test func `a caller that reads nothing at all is closed at the time for answers`() async throws {
    try await withServer({ $0.writeTimeout = .milliseconds(500) }) { setting, caller in
      let (counts, isServed) = try await caller.converse(
        with: setting, preface: Frame.preface + Frame.settings([(4, 0x7fff_ffff)])
      ) { _, connection in
        try await connection.send(Frame(.windowUpdate, Frame.word(0x7fff_0000)).bytes)
        for id in stride(from: UInt32(1), to: 20, by: 2) { try await connection.send(Frame.get(id, "/large")) }
        await connection.pause(.seconds(2))
        var data = 0
        while let frame = await connection.frame() { if frame.type == 0 { data += frame.payload.count } }
        return (data, connection.hasEnded)
      }
      #expect(isServed)
      #expect(counts < 30_000_000)
    }
  }

  @Test func `a caller that does not take what it was sent is not read from`() async throws {
    try await withServer({ $0.writeTimeout = .seconds(2) }) { setting, caller in
      let taken = try await caller.converse(
        with: setting, preface: Frame.preface + Frame.settings([(4, 0x7fff_ffff)])
      ) { _, connection in
        try await connection.send(Frame(.windowUpdate, Frame.word(0x7fff_0000)).bytes)
        for id in stride(from: UInt32(1), to: 20, by: 2) { try await connection.send(Frame.get(id, "/large")) }
        // Each beyond the hundredth is refused, by a frame that waits behind what is not taken.
        var (taken, id) = (0, UInt32(21))
        while taken < 24 << 20 {
          var bytes: [UInt8] = []
          for _ in 0..<5000 {
            bytes += Frame(.headers, flags: Frame.endHeaders, stream: id).bytes
            id += 2
          }
          do { try await connection.send(bytes) } catch { break }
          taken += bytes.count
        }
        return taken
      }
      #expect(taken < 16 << 20)
    }
  }

  @Test func `an idle connection is told before it is closed, and a request on its way is still answered`() async throws
  {
    try await withServer({ $0.idleTimeout = .milliseconds(300) }) { setting, caller in
      let frames = try await caller.converse(with: setting) { _, connection in
        var kinds: [UInt8] = []
        var last: [UInt8] = []
        while let frame = await connection.frame() {
          kinds.append(frame.type)
          guard frame.type == Frame.Kind.goAway.rawValue else { continue }
          last = Array(frame.payload.prefix(4))
          if last == Frame.word(0x7fff_ffff) { try await connection.send(Frame.get(1, "/a")) }
        }
        return (kinds, last)
      }
      #expect(frames.0.filter { $0 == Frame.Kind.goAway.rawValue }.count == 2)
      #expect(frames.0.contains(Frame.Kind.data.rawValue))
      #expect(frames.1 == Frame.word(1))
    }
  }

  @Test func `PING does not keep an idle connection`() async throws {
    try await withServer({ $0.idleTimeout = .milliseconds(500) }) { setting, caller in
      let taken = try await caller.converse(with: setting) { _, connection in
        let start = MonotonicTime.now()
        for _ in 0..<50 where !connection.hasEnded {
          try? await connection.send(Frame(.ping, [0, 0, 0, 0, 0, 0, 0, 1]).bytes)
          _ = await connection.frame(.goAway, within: .milliseconds(100))
        }
        return connection.hasEnded ? MonotonicTime.now().since(start) : nil
      }
      #expect(isAbout(.milliseconds(500), taken))
    }
  }

  @Test func `while the server drains, streams opened before the last word are answered`() async throws {
    try await withServer { setting, caller in
      async let answers = caller.converse(with: setting) { _, connection in
        try await connection.send(Frame.get(1, "/slow"))
        guard let notice = await connection.frame(.goAway) else { return ([UInt8](), [UInt32](), [UInt8]()) }
        try await connection.send(Frame.get(3, "/a") + Frame.get(5, "/slow"))
        var answered: [UInt32] = []
        var last: [UInt8] = []
        while let frame = await connection.frame() {
          if frame.type == 0, frame.flags & Frame.endStream != 0 { answered.append(frame.stream) }
          if frame.type == Frame.Kind.goAway.rawValue { last = frame.payload }
        }
        return (notice.payload, answered.sorted(), last)
      }
      try await Task.sleep(for: .milliseconds(150))
      let cutOff = await setting.server.drain(until: .now() + .seconds(5))
      let (notice, answered, last) = try await answers
      #expect(cutOff == 0)
      #expect(notice == Frame.word(0x7fff_ffff) + Frame.word(0))
      #expect(answered == [1, 3, 5])
      #expect(last == Frame.word(5) + Frame.word(0))
    }
  }

  @Test func `while the server drains, an idle connection of HTTP 1 has its request on its way answered`() async throws
  {
    try await withServer { setting, caller in
      async let answer = caller.converse(with: setting, protocols: ["http/1.1"]) { _, connection in
        await connection.pause(.milliseconds(300))
        try await connection.send(Array("GET /late HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        return await connection.textToEnd()
      }
      try await Task.sleep(for: .milliseconds(200))
      await setting.server.drain(until: .now() + .seconds(5))
      let text = try await answer
      #expect(text.hasPrefix("HTTP/1.1 200 "))
      #expect(text.contains("Connection: close"))
      #expect(text.hasSuffix("/late"))
    }
  }

  @Test func `a caller that never stops sending does not keep others waiting`() async throws {
    try await withServer { setting, caller in
      await setting.caller.use(try setting.trusted(["h2"]))
      _ = await setting.caller.get("/warm")
      async let flood: Void? = try? caller.converse(with: setting) { _, connection in
        // Frames of a type that nobody knows: no rule is broken.
        let many = [[UInt8]](repeating: Frame(type: 0xbe).bytes, count: 20_000).flatMap { $0 }
        let end = MonotonicTime.now() + .seconds(2)
        while MonotonicTime.now() < end { try await connection.send(many) }
      }
      try await Task.sleep(for: .milliseconds(200))
      var slowest = Duration.zero
      for _ in 0..<20 {
        let start = MonotonicTime.now()
        #expect(try body(await setting.caller.get("/a")) == "/a")
        slowest = max(slowest, MonotonicTime.now().since(start))
        try await Task.sleep(for: .milliseconds(30))
      }
      #expect(slowest < .milliseconds(500))
      await flood
    }
  }

  @Test func `requests whose caller has gone are no longer answered, and leave nothing behind`() async throws {
    try await withServer { setting, caller in
      for _ in 0..<5 {
        _ = try await caller.converse(with: setting) { _, connection in
          for id in stride(from: UInt32(1), to: 100, by: 2) { try await connection.send(Frame.get(id, "/slow")) }
          await connection.pause(.milliseconds(20))
          return true
        }
      }
      await setting.caller.use(try setting.trusted(["h2"]))
      #expect(try body(await setting.caller.get("/a")) == "/a")
    }
  }
}
