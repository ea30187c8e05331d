import EventLoop
import TLS
import Testing

@testable import HTTP

@Suite struct ExchangeTests {
  @Test(arguments: [false, true]) func `requests share a connection that is kept`(_ secure: Bool) async throws {
    let setting = try await Setting.make(secure: secure)
    let trust = TLSClientContext.Trust.bundle(try setting.certificate.certificatePEM)
    let tls = secure ? try TLSClientContext(trust: trust, serverName: "backend.test") : nil
    await setting.caller.use(BackendAddress(host: "127.0.0.1", port: setting.address.port, from: .flag, tls: tls))
    for index in 0..<50 { #expect(try body(await setting.caller.get("/\(index)")) == "/\(index)") }
    #expect(await setting.caller.idleConnections == 1)
    #expect(try body(await setting.caller.get("/large")).utf8.count == 3_000_000)
    await setting.end()
  }

  @Test func `a certificate for another name is refused`() async throws {
    let setting = try await Setting.make(secure: true)
    let trust = TLSClientContext.Trust.bundle(try setting.certificate.certificatePEM)
    await setting.caller.use(
      BackendAddress(
        host: "127.0.0.1", port: setting.address.port, from: .flag,
        tls: try TLSClientContext(trust: trust, serverName: "other.test")))
    guard case .failure(.tls(let error)) = await setting.caller.get("/") else {
      Issue.record("expected a TLS error")
      return
    }
    #expect(error.kind == .verification)
    await setting.end()
  }

  @Test func `an authority that nobody trusts is refused, unless anyone is trusted`() async throws {
    let setting = try await Setting.make(secure: true)
    let stranger = try ServingCertificate.selfSigned(names: ["backend.test"], days: 1)
    for (trust, isTrusted) in [(TLSClientContext.Trust.bundle(try stranger.certificatePEM), false), (.anyone, true)] {
      await setting.caller.use(
        BackendAddress(
          host: "127.0.0.1", port: setting.address.port, from: .flag,
          tls: try TLSClientContext(trust: trust, serverName: "backend.test")))
      #expect(((try? await setting.caller.get("/").get()) != nil) == isTrusted)
    }
    await setting.end()
  }

  @Test func `a backend that is too slow costs its deadline and no more`() async throws {
    let setting = try await Setting.make(secure: false)
    await setting.caller.use(BackendAddress(host: "127.0.0.1", port: setting.address.port, from: .flag, tls: nil))
    let start = MonotonicTime.now()
    let result = await setting.caller.get("/never", within: .milliseconds(50))
    #expect(throws: ExchangeError.timedOut("waiting for the answer")) { try result.get() }
    #expect(MonotonicTime.now().since(start) < .seconds(2))
    #expect(await setting.caller.idleConnections == 0)
    await setting.end()
  }

  @Test func `who finds all connections in use waits for one`() async throws {
    let setting = try await Setting.make(secure: false)
    await setting.caller.use(
      BackendAddress(host: "127.0.0.1", port: setting.address.port, from: .flag, tls: nil), requests: 1)
    async let first = setting.caller.get("/slow")
    async let second = setting.caller.get("/second")
    #expect(try body(await first) == "/slow")
    #expect(try body(await second) == "/second")
    #expect(await setting.caller.idleConnections == 1)
    await setting.end()
  }

  @Test func `a refused connection is told as such`() async throws {
    let setting = try await Setting.make(secure: false)
    await setting.caller.use(BackendAddress(host: "127.0.0.1", port: setting.address.port, from: .flag, tls: nil))
    await setting.server.drain(until: .now())
    guard case .failure(.unreachable) = await setting.caller.get("/") else {
      Issue.record("expected unreachable")
      return
    }
    await setting.caller.close()
    for loop in setting.loops { loop.stop() }
  }

  @Test func `a kept connection that the backend has closed is replaced without the caller noticing`() async throws {
    var configuration = HTTPServer.Configuration()
    configuration.idleTimeout = .seconds(1)
    let setting = try await Setting.make(secure: false, configuration: configuration)
    await setting.caller.use(BackendAddress(host: "127.0.0.1", port: setting.address.port, from: .flag, tls: nil))
    for _ in 0..<2 {
      #expect(try body(await setting.caller.get("/a")) == "/a")
      try await Task.sleep(for: .milliseconds(1500))
    }
    await setting.end()
  }

  @Test func `pipelined requests are answered in order`() async throws {
    let setting = try await Setting.make(secure: false)
    let answer = try await setting.caller.converse(
      "GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n"
        + "GET /c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", with: setting.address)
    let positions = ["/slow", "/b", "/c"].map { answer.range(of: "\r\n\r\n\($0)")?.lowerBound }
    #expect(positions.allSatisfy { $0 != nil })
    #expect(positions.compactMap { $0 } == positions.compactMap { $0 }.sorted())
    #expect(answer.components(of: "HTTP/1.1 200 OK") == 3)
    await setting.end()
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "), ("nonsense\r\n\r\n", "HTTP/1.1 400 "),
    ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", "HTTP/1.1 505 "),
    ("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 70_000))\r\n\r\n", "HTTP/1.1 431 "),
  ])
  func `a malformed request is told so and the connection closed`(_ text: String, _ start: String) async throws {
    let setting = try await Setting.make(secure: false)
    #expect(try await setting.caller.converse(text, with: setting.address).hasPrefix(start))
    await setting.end()
  }

  @Test func `draining lets a request under way end and closes idle connections`() async throws {
    let setting = try await Setting.make(secure: false)
    await setting.caller.use(BackendAddress(host: "127.0.0.1", port: setting.address.port, from: .flag, tls: nil))
    #expect(try body(await setting.caller.get("/idle")) == "/idle")
    async let slow = setting.caller.get("/slow")
    try await Task.sleep(for: .milliseconds(50))
    let cutOff = await setting.server.drain(until: .now() + .seconds(5))
    #expect(cutOff == 0)
    #expect(try body(await slow) == "/slow")
    await setting.caller.close()
    for loop in setting.loops { loop.stop() }
  }
}

extension String {
  fileprivate func range(of other: String) -> Range<Int>? {
    let (all, wanted) = (Array(utf8), Array(other.utf8))
    guard wanted.count <= all.count else { return nil }
    for start in 0...(all.count - wanted.count) where Array(all[start..<(start + wanted.count)]) == wanted {
      return start..<(start + wanted.count)
    }
    return nil
  }

  fileprivate func components(of other: String) -> Int {
    var (count, rest) = (0, self)
    while let found = rest.range(of: other) {
      count += 1
      rest = String(decoding: Array(rest.utf8)[found.upperBound...], as: UTF8.self)
    }
    return count
  }
}
