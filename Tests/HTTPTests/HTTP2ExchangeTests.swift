import EventLoop
import TLS
import Testing

@testable import HTTP

private let both = ["h2", "http/1.1"]

@Suite struct HTTP2ExchangeTests {
  @Test func `many requests at once share one connection`() async throws {
    let setting = try await Setting.make(secure: true, protocols: both)
    await setting.caller.use(try setting.trusted(both))
    let answers = await withTaskGroup(of: (String, String?).self) { group in
      for index in 0..<60 {
        group.addTask { ("/\(index)", try? body(await setting.caller.get("/\(index)"))) }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for (path, answer) in answers { #expect(answer == path) }
    #expect(answers.count == 60)
    #expect(await setting.caller.openConnections == 1)
    await setting.end()
  }

  @Test(arguments: [["h2"], ["http/1.1"], []]) func `a backend that offers no HTTP/2 is spoken to in HTTP/1.1`(
    _ offered: [String]
  ) async throws {
    let setting = try await Setting.make(secure: true, protocols: ["http/1.1"])
    await setting.caller.use(try setting.trusted(offered + ["http/1.1"]))
    #expect(try body(await setting.caller.get("/a")) == "/a")
    await setting.end()
  }

  @Test func `a large answer crosses the windows of flow control`() async throws {
    let setting = try await Setting.make(secure: true, protocols: both)
    await setting.caller.use(try setting.trusted(both))
    async let first = setting.caller.get("/large/1")
    async let second = setting.caller.get("/large/2")
    #expect(try body(await first).utf8.count == 3_000_000)
    #expect(try body(await second).utf8.count == 3_000_000)
    await setting.end()
  }

  @Test func `an answer beyond the bound is refused, and the connection goes on`() async throws {
    let setting = try await Setting.make(secure: true, protocols: both)
    await setting.caller.use(try setting.trusted(both), bodyBytes: 100_000)
    let large = await setting.caller.get("/large")
    #expect(throws: ExchangeError.malformed(.bodyTooLarge(limit: 100_000))) { try large.get() }
    #expect(try body(await setting.caller.get("/small")) == "/small")
    #expect(await setting.caller.openConnections == 1)
    await setting.end()
  }

  @Test func `a stream that is too slow costs its own deadline and nobody else's`() async throws {
    let setting = try await Setting.make(secure: true, protocols: both)
    await setting.caller.use(try setting.trusted(both))
    #expect(try body(await setting.caller.get("/a")) == "/a")
    let start = MonotonicTime.now()
    async let never = setting.caller.get("/never", within: .milliseconds(300))
    async let slow = setting.caller.get("/slow")
    #expect(try body(await slow) == "/slow")
    let result = await never
    #expect(throws: ExchangeError.timedOut("waiting for the answer")) { try result.get() }
    #expect(MonotonicTime.now().since(start) < .seconds(2))
    #expect(try body(await setting.caller.get("/b")) == "/b")
    #expect(await setting.caller.openConnections == 1)
    await setting.end()
  }

  @Test func `beyond the streams that a backend allows another connection is opened`() async throws {
    var configuration = HTTPServer.Configuration()
    configuration.maximumStreams = 4
    let setting = try await Setting.make(secure: true, protocols: both, configuration: configuration)
    await setting.caller.use(try setting.trusted(both))
    #expect(try body(await setting.caller.get("/a")) == "/a")
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { #expect((try? body(await setting.caller.get("/slow"))) == "/slow") }
      }
    }
    #expect(await setting.caller.openConnections == 2)
    await setting.end()
  }

  @Test func `draining ends a connection after the requests under way`() async throws {
    let setting = try await Setting.make(secure: true, protocols: both)
    await setting.caller.use(try setting.trusted(both))
    #expect(try body(await setting.caller.get("/a")) == "/a")
    async let slow = setting.caller.get("/slow")
    try await Task.sleep(for: .milliseconds(50))
    let cutOff = await setting.server.drain(until: .now() + .seconds(5))
    #expect(cutOff == 0)
    #expect(try body(await slow) == "/slow")
    await setting.caller.close()
    for loop in setting.loops { loop.stop() }
  }

  @Test func `an idle connection is closed by either side and replaced without the caller noticing`() async throws {
    var configuration = HTTPServer.Configuration()
    configuration.idleTimeout = .milliseconds(300)
    let setting = try await Setting.make(secure: true, protocols: both, configuration: configuration)
    await setting.caller.use(try setting.trusted(both))
    for _ in 0..<3 {
      #expect(try body(await setting.caller.get("/a")) == "/a")
      try await Task.sleep(for: .milliseconds(1000))
    }
    for _ in 0..<40 where await setting.caller.openConnections > 0 {
      await setting.caller.maintain()
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(await setting.caller.openConnections == 0)
    await setting.end()
  }

  @Test func `who finds no room to wait is told at once`() async throws {
    let setting = try await Setting.make(secure: true, protocols: both)
    await setting.caller.use(try setting.trusted(both), requests: 1, waiting: 0)
    async let slow = setting.caller.get("/slow")
    try await Task.sleep(for: .milliseconds(50))
    let refused = await setting.caller.get("/b")
    #expect(throws: ExchangeError.overloaded(limit: 1)) { try refused.get() }
    #expect(try body(await slow) == "/slow")
    await setting.end()
  }
}
