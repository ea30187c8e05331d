import Kubernetes
import Options
import Routing
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import metrics_router_controller

private final class KeptLines: LogSink {
  private let kept = Mutex<[String]>([])

  func write(_ line: [UInt8]) { kept.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
  func flush() {}
  var all: [String] { kept.withLock { $0 } }
}

@Suite struct ShadowWatchTests {
  private static let path = "/debug/shadow"
  /// As `metrics-router-server` writes it.
  private static let document =
    #"{"shadows":{"b":{"agreed":7,"compared":9,"differed":2,"failed":1,"lastCompared":"2026-01-01T00:00:00Z","maxRelativeDifference":"0.2000","of":"a"}}}"#
    + "\n"
  private static let summary = MetricsSourceStatus.Shadow(
    of: "a", compared: 9, agreed: 7, differed: 2, failed: 1, maxRelativeDifference: "0.2000",
    lastCompared: "2026-01-01T00:00:00Z")

  private func watch(
    _ server: FakeBackend, _ transport: CurlTransport, _ logger: Logger = Logger(sink: KeptLines())
  ) throws -> ShadowWatch {
    try #require(
      ShadowWatch(
        .at(Address(host: "127.0.0.1", port: server.port)), transport: transport, userAgent: "test", logger: logger))
  }

  @Test func `what the server says is read as it writes it`() async throws {
    let (server, transport) = (try await FakeBackend(), try CurlTransport())
    let watch = try watch(server, transport)
    server.answer(Self.path, .init(body: Self.document))
    #expect(try await watch.summaries() == ["b": Self.summary])
    server.answer(Self.path, .init(body: #"{"shadows":{}}"#))
    #expect(try await watch.summaries() == [:])
    for answer in [FakeBackend.Answer(status: 404), .init(body: "[]"), .init(body: #"{"shadows":{"b":{}}}"#)] {
      server.answer(Self.path, answer)
      await #expect(throws: ShadowWatch.Failure.self) { try await watch.summaries() }
    }
    await transport.shutdown()
    await server.end()
  }

  @Test func `an address says where, and 0 nowhere`() throws {
    let transport = try CurlTransport()
    let url = { (text: String) in
      ShadowWatch(
        try #require(BindAddress(text)), transport: transport, userAgent: "test", logger: Logger(sink: KeptLines()))?
        .url
    }
    #expect(try url("0") == nil)
    #expect(try url(":8083") == "http://127.0.0.1:8083/debug/shadow")
    #expect(try url("[::1]:1") == "http://[::1]:1/debug/shadow")
    guard case .run(let options) = try ControllerOptions.parse([]) else { return }
    #expect("\(options.serverStatusAddress)" == "127.0.0.1:8083")
  }

  @Test func `the server is asked only while it is wanted, and its failures are said once`() async throws {
    let lines = KeptLines()
    let (server, transport) = (try await FakeBackend(), try CurlTransport())
    let watch = try watch(server, transport, Logger(sink: lines))
    let isWanted = Mutex(false)
    let told = Mutex<[ShadowWatch.Summaries]>([])
    let running = Task {
      await watch.run(
        every: .milliseconds(10), isWanted: { isWanted.withLock { $0 } },
        tell: { summaries in told.withLock { $0.append(summaries) } })
    }
    try await Task.sleep(for: .milliseconds(100))
    #expect(server.requests == [])
    isWanted.withLock { $0 = true }
    #expect(await eventually { server.requests.count >= 3 })
    #expect(lines.all.count == 1)
    #expect(lines.all.first?.contains("--server-status-address") == true)
    #expect(told.withLock { $0.isEmpty })
    server.answer(Self.path, .init(body: Self.document))
    #expect(await eventually { told.withLock { $0.last } == ["b": Self.summary] })
    running.cancel()
    await running.value
    #expect(lines.all.count == 1)
    await transport.shutdown()
    await server.end()
  }

  @Test func `a summary becomes part of the status, and is written only where it changes`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    var spec = plainSpec()
    fixture.sources.send(.replaced([metricsSource("a", spec)]))
    #expect(await eventually { fixture.reporter.statuses(of: "a").last?.synced == true })
    #expect(await !fixture.controller.hasShadows)
    spec.shadowOf = "a"
    fixture.sources.send(.applied(metricsSource("b", spec)))
    #expect(await eventually { fixture.reporter.statuses(of: "b").last?.synced == true })
    #expect(await fixture.controller.hasShadows)
    #expect(fixture.reporter.statuses(of: "b").last?.shadow == nil)

    await fixture.controller.shadowSummariesChanged(["b": Self.summary, "unknown": Self.summary, "a": Self.summary])
    #expect(await eventually { fixture.reporter.statuses(of: "b").last?.shadow == Self.summary })
    let count = fixture.reporter.statuses(of: "b").count
    await fixture.controller.shadowSummariesChanged(["b": Self.summary])
    var later = Self.summary
    later.compared = 10
    await fixture.controller.shadowSummariesChanged(["b": later])
    #expect(await eventually { fixture.reporter.statuses(of: "b").last?.shadow == later })
    #expect(fixture.reporter.statuses(of: "b").count == count + 1)
    #expect(fixture.reporter.statuses(of: "a").allSatisfy { $0.shadow == nil })

    // Of another pair.
    var other = Self.summary
    other.of = "c"
    await fixture.controller.shadowSummariesChanged(["b": other])
    await fixture.controller.shadowSummariesChanged([:])
    spec.shadowOf = nil
    fixture.sources.send(.applied(metricsSource("b", spec, generation: 2)))
    #expect(await eventually { fixture.reporter.statuses(of: "b").last?.observedGeneration == 2 })
    #expect(fixture.reporter.statuses(of: "b").last?.shadow == nil)
    #expect(!fixture.reporter.statuses(of: "b").contains { $0.shadow == other })
    await fixture.end()
    await backend.end()
  }
}
