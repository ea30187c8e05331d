import EventLoop
import Testing

@testable import HTTP

private let ok = [(":status", "200"), ("content-type", "application/json")]

/// The backend's first word, with room for `streams`.
private func settings(_ streams: UInt32 = 100) -> [UInt8] { Frame.settings([(3, streams)]) }

private func make(
  requests: Int = 64, _ script: @escaping ScriptedBackend.Script
) async throws -> (ScriptedBackend, Caller, EventLoop) {
  let backend = try ScriptedBackend(script: script)
  let loop = try EventLoop(name: "calling")
  let caller = Caller(loop)
  await caller.use(try await backend.start(), requests: requests, bodyBytes: 1 << 20)
  return (backend, caller, loop)
}

private func end(_ setting: (ScriptedBackend, Caller, EventLoop)) async {
  await setting.1.close()
  await setting.0.end()
  setting.2.stop()
}

/// Scripted backends of HTTP/2, each of which answers in another way that is none.
@Suite struct HTTP2BackendTests {
  private static let brokenAnswers: [(String, [UInt8])] = [
    ("shorter than said", Frame.headers(1, ok + [("content-length", "9")], endStream: false) + Frame.data(1, "{}")),
    ("longer than said", Frame.headers(1, ok + [("content-length", "1")], endStream: false) + Frame.data(1, "{}")),
    ("upper case", Frame.headers(1, ok + [("X-A", "b")], endStream: false)),
    ("no status", Frame.headers(1, [("a", "b")], endStream: false)),
    ("101", Frame.headers(1, [(":status", "101")], endStream: false)),
    ("DATA before HEADERS", Frame.data(1, "{}", endStream: false)),
    ("stream of its own", Frame.headers(2, ok, endStream: false)),
    ("frame larger than allowed", Frame(.data, stream: 1, [UInt8](repeating: 0, count: 20_000)).bytes),
    ("broken HPACK", Frame(.headers, flags: 5, stream: 1, [0xff, 0xff, 0xff, 0xff, 0xff]).bytes),
  ]

  @Test(arguments: brokenAnswers.map(\.0)) func `a broken answer is told at once, not at the deadline`(
    _ name: String
  ) async throws {
    let answer = try #require(Self.brokenAnswers.first { $0.0 == name }).1
    let setting = try await make { backend, connection in
      _ = try await connection.request()
      backend.requests += 1
      try await connection.send(settings() + answer)
      _ = await connection.timeToEnd()
    }
    let start = MonotonicTime.now()
    let result = await setting.1.get("/")
    guard case .failure(.protocolViolation) = result else {
      Issue.record("\(name): \(result)")
      return
    }
    #expect(MonotonicTime.now().since(start) < .seconds(3))
    #expect(await setting.0.requests == 1)
    await end(setting)
  }

  @Test func `a head beyond the bound is told at once`() async throws {
    let setting = try await make { _, connection in
      _ = try await connection.request()
      let block = Frame.encode(ok + (0..<20).map { ("x-\($0)", String(repeating: "v", count: 4000)) })
      try await connection.send(settings() + Frame(.headers, flags: 1, stream: 1, Array(block.prefix(16_000))).bytes)
      var rest = block.dropFirst(16_000)
      while !rest.isEmpty {
        let part = Array(rest.prefix(16_000))
        rest = rest.dropFirst(16_000)
        try await connection.send(Frame(.continuation, flags: rest.isEmpty ? 4 : 0, stream: 1, part).bytes)
      }
      _ = await connection.timeToEnd()
    }
    let start = MonotonicTime.now()
    let result = await setting.1.get("/")
    #expect(throws: ExchangeError.malformed(.headTooLarge(limit: 65_536))) { try result.get() }
    #expect(MonotonicTime.now().since(start) < .seconds(3))
    await end(setting)
  }

  @Test func `an answer cut off by a reset without an error is no answer`() async throws {
    let setting = try await make { _, connection in
      while true {
        let id = try await connection.request()
        try await connection.send(
          settings() + Frame.headers(id, ok, endStream: false) + Frame.data(id, "{}", endStream: false)
            + Frame.reset(id, 0))
      }
    }
    let result = await setting.1.get("/")
    guard case .failure(.broken) = result else {
      Issue.record("\(result)")
      return
    }
    await end(setting)
  }

  @Test(arguments: [1, 100]) func `a refused stream is tried once more, and no oftener`(_ refusals: Int) async throws {
    let setting = try await make { backend, connection in
      try await connection.send(settings())
      while true {
        let id = try await connection.request()
        backend.requests += 1
        try await connection.send(
          backend.requests <= refusals
            ? Frame.reset(id, 7) : Frame.headers(id, ok, endStream: false) + Frame.data(id, "{}"))
      }
    }
    let result = await setting.1.get("/")
    #expect(await setting.0.requests == 2)
    if refusals == 1 {
      #expect(try body(result) == "{}")
    } else {
      #expect(throws: ExchangeError.broken("stream reset with REFUSED_STREAM")) { try result.get() }
    }
    await end(setting)
  }

  @Test(arguments: [1, 2, 8]) func `a stream reset for another reason is not tried again`(_ code: UInt32) async throws {
    let setting = try await make { backend, connection in
      try await connection.send(settings())
      while true {
        let id = try await connection.request()
        backend.requests += 1
        try await connection.send(Frame.reset(id, code))
      }
    }
    let result = await setting.1.get("/")
    #expect(throws: ExchangeError.self) { try result.get() }
    #expect(await setting.0.requests == 1)
    await end(setting)
  }

  @Test func `what a backend that goes has not processed is asked of the next connection`() async throws {
    let setting = try await make { backend, connection in
      try await connection.send(settings())
      let id = try await connection.request()
      backend.requests += 1
      if backend.accepted == 1 {
        try await connection.send(Frame.goAway(last: 0))
        _ = await connection.timeToEnd()
      } else {
        try await connection.send(Frame.headers(id, ok, endStream: false) + Frame.data(id, "{}"))
        _ = await connection.timeToEnd()
      }
    }
    #expect(try body(await setting.1.get("/")) == "{}")
    #expect(await setting.0.accepted == 2)
    #expect(await setting.0.requests == 2)
    await end(setting)
  }

  @Test func `a backend that says goodbye while nothing is under way is left without a failed request`() async throws {
    let setting = try await make { backend, connection in
      try await connection.send(settings())
      while true {
        let id = try await connection.request()
        backend.requests += 1
        try await connection.send(
          Frame.headers(id, ok, endStream: false) + Frame.data(id, "{}") + Frame.goAway(last: id))
      }
    }
    for _ in 0..<30 {
      #expect(try body(await setting.1.get("/")) == "{}")
      try await Task.sleep(for: .milliseconds(5))
    }
    // More than the budget for retries would have allowed.
    #expect(await setting.0.requests == 30)
    await end(setting)
  }

  @Test func `connections to a backend that allows no streams do not pile up`() async throws {
    let setting = try await make { backend, connection in
      try await connection.send(settings(0))
      while true {
        let id = try await connection.request()
        try await connection.send(Frame.reset(id, 7))
      }
    }
    for _ in 0..<8 {
      let result = await setting.1.get("/", within: .seconds(1))
      #expect(throws: ExchangeError.self) { try result.get() }
    }
    try await Task.sleep(for: .milliseconds(200))
    #expect(await setting.0.current <= 1)
    #expect(await setting.1.openConnections <= 1)
    await end(setting)
  }

  @Test func `a backend that never stops sending early hints ends by itself`() async throws {
    let setting = try await make { _, connection in
      let id = try await connection.request()
      try await connection.send(settings())
      let hint = Frame.headers(id, [(":status", "103")], endStream: false)
      let many = [[UInt8]](repeating: hint, count: 500).flatMap { $0 }
      while true { try await connection.send(many) }
    }
    let result = await setting.1.get("/", within: .seconds(2))
    #expect(throws: ExchangeError.malformed(.unexpectedInformational(103))) { try result.get() }
    await end(setting)
  }

  /// Frames of a type that nobody knows are read over (RFC 9113 §5.5), however many come.
  @Test func `a backend that never stops sending what means nothing costs its deadline and no more`() async throws {
    let setting = try await make { _, connection in
      _ = try await connection.request()
      try await connection.send(settings())
      let many = [[UInt8]](repeating: Frame(type: 0xbe).bytes, count: 5000).flatMap { $0 }
      while true { try await connection.send(many) }
    }
    let start = MonotonicTime.now()
    let result = await setting.1.get("/", within: .milliseconds(500))
    #expect(throws: ExchangeError.timedOut("waiting for the answer")) { try result.get() }
    #expect(MonotonicTime.now().since(start) < .seconds(2))
    let before = MonotonicTime.now()
    await setting.1.maintain()
    #expect(MonotonicTime.now().since(before) < .milliseconds(500))
    await end(setting)
  }

  @Test func `a deadline holds although who reads may wait for longer`() async throws {
    let setting = try await make { _, connection in
      try await connection.send(settings())
      _ = await connection.timeToEnd()
    }
    async let patient = setting.1.get("/a", within: .seconds(3))
    try await Task.sleep(for: .milliseconds(200))
    let start = MonotonicTime.now()
    let result = await setting.1.get("/b", within: .milliseconds(200))
    #expect(throws: ExchangeError.timedOut("waiting for the answer")) { try result.get() }
    #expect(MonotonicTime.now().since(start) < .seconds(1))
    let other = await patient
    #expect(throws: ExchangeError.timedOut("waiting for the answer")) { try other.get() }
    await end(setting)
  }

  @Test func `who waits behind one that reads is answered although that one is not`() async throws {
    let setting = try await make { _, connection in
      try await connection.send(settings())
      var first: UInt32?
      while true {
        let id = try await connection.request()
        guard first != nil else {
          first = id
          continue
        }
        await connection.pause(.milliseconds(300))
        try await connection.send(Frame.headers(id, ok, endStream: false) + Frame.data(id, "\(id)"))
      }
    }
    async let never = setting.1.get("/never", within: .milliseconds(250))
    try await Task.sleep(for: .milliseconds(50))
    async let late = setting.1.get("/late")
    let silent = await never
    #expect(throws: ExchangeError.timedOut("waiting for the answer")) { try silent.get() }
    #expect(try body(await late) == "3")
    await end(setting)
  }

  @Test func `a connection that is stuck in one answer is not asked again`() async throws {
    let setting = try await make { backend, connection in
      try await connection.send(settings())
      let id = try await connection.request()
      guard backend.accepted == 1 else {
        try await connection.send(Frame.headers(id, ok, endStream: false) + Frame.data(id, "{}"))
        _ = await connection.timeToEnd()
        return
      }
      try await connection.send(Frame.headers(id, ok, endStream: false))
      while true {
        try await connection.send(Frame.data(id, " ", endStream: false))
        await connection.pause(.milliseconds(50))
      }
    }
    let slow = await setting.1.get("/a", within: .milliseconds(300))
    #expect(throws: ExchangeError.timedOut("reading the answer")) { try slow.get() }
    #expect(try body(await setting.1.get("/b", within: .seconds(1))) == "{}")
    #expect(await setting.0.accepted == 2)
    await end(setting)
  }

  @Test func `a pool that is closed while it connects keeps no connection`() async throws {
    let setting = try await make { backend, connection in
      try await connection.send(settings())
      let id = try await connection.request()
      await connection.pause(.milliseconds(100))
      try await connection.send(Frame.headers(id, ok, endStream: false) + Frame.data(id, "{}"))
      _ = await connection.timeToEnd()
    }
    async let answer = setting.1.get("/")
    await setting.1.close()
    #expect(try body(await answer) == "{}")
    try await Task.sleep(for: .milliseconds(200))
    #expect(await setting.0.accepted == 1)
    #expect(await setting.0.current == 0)
    await end(setting)
  }

  @Test func `a connection that breaks before the answer is tried once more, within the answer never`() async throws {
    for isBegun in [false, true] {
      let setting = try await make { backend, connection in
        try await connection.send(settings())
        let id = try await connection.request()
        backend.requests += 1
        if isBegun {
          try await connection.send(Frame.headers(id, ok, endStream: false) + Frame.data(id, "{", endStream: false))
          await connection.pause(.milliseconds(50))
        }
      }
      let result = await setting.1.get("/")
      guard case .failure(.broken) = result else {
        Issue.record("\(result)")
        return
      }
      #expect(await setting.0.requests == (isBegun ? 1 : 2))
      await end(setting)
    }
  }

  @Test func `many exchanges on connections that come and go all end`() async throws {
    // Answers some, resets some, goes away now and then, and sometimes just closes.
    let setting = try await make(requests: 32) { backend, connection in
      try await connection.send(settings(8))
      for turn in 0..<40 {
        let id = try await connection.request()
        backend.requests += 1
        switch backend.requests % 7 {
        case 0: try await connection.send(Frame.reset(id, 8))
        case 1 where turn > 20:
          try await connection.send(
            Frame.goAway(last: id) + Frame.headers(id, ok, endStream: false) + Frame.data(id, "{}"))
        case 2 where turn > 30: return
        default: try await connection.send(Frame.headers(id, ok, endStream: false) + Frame.data(id, "{}"))
        }
      }
    }
    let (caller, loop) = (setting.1, setting.2)
    let outcomes = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<16 {
        group.addTask(executorPreference: loop) {
          var good = 0
          for _ in 0..<40 { if case .success = await caller.get("/", within: .seconds(2)) { good += 1 } }
          return good > 0
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.count == 16 && outcomes.allSatisfy { $0 })
    await end(setting)
  }
}
