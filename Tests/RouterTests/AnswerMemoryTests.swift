import EventLoop
import HTTP
import Kubernetes
import Synchronization
import TLS
import Telemetry
import TestSupport
import Testing

@testable import metrics_router_server

private let foo = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo"

/// What all answers take together, whichever way they go.
@Suite struct AnswerMemoryTests {
  private let large = #"{"kind":"MetricValueList","items":["\#(String(repeating: "x", count: 100_000))"]}"#

  private func router(_ bytes: Int, _ protocols: [String]) async throws -> RouterFixture {
    let fixture = try await RouterFixture(isOpen: true, answerBytes: bytes, backendProtocols: protocols)
    fixture.backend.script.withLock { [large] in $0.body = large }
    return fixture
  }

  @Test(arguments: [[HTTPServer.http2, HTTPServer.http1], [HTTPServer.http1]])
  func `an answer that would take more than all may is refused, and held against nobody`(
    _ protocols: [String]
  ) async throws {
    let fixture = try await router(50_000, protocols)
    for _ in 0..<10 {
      let answer = try await fixture.get(foo)
      #expect(answer.status == 503)
      #expect(answer.text.contains("metrics source adapter: what all metrics sources are sending at once would take"))
      #expect(answer.text.contains("more than 50000 bytes (--max-answer-memory)"))
    }
    fixture.backend.script.withLock { $0 = .init() }
    #expect(try await fixture.get(foo).status == 200)
    let metrics = String(decoding: fixture.metrics.registry.render(), as: UTF8.self)
    #expect(metrics.contains(#"metrics_router_backend_failures_total{source="adapter",reason="overloaded"} 10"#))
    await fixture.end()
  }

  @Test(arguments: [[HTTPServer.http2, HTTPServer.http1], [HTTPServer.http1]])
  func `an answer that is taken holds nothing any more`(_ protocols: [String]) async throws {
    let fixture = try await router(250_000, protocols)
    for _ in 0..<10 { #expect(try await fixture.get(foo).text == large) }
    #expect(await eventually { fixture.unsent.value == 0 })
    await fixture.end()
  }

  @Test func `where callers do not read, others are told to come again, health and small answers are given`()
    async throws
  {
    let fixture = try await router(250_000, [HTTPServer.http2, HTTPServer.http1])
    let loop = try EventLoop(name: "unread")
    let address = try #require(SocketAddress("127.0.0.1", port: fixture.port))
    let caller = UnreadCaller(loop)
    try await caller.ask(foo, at: address, times: 2)
    #expect(await eventually { fixture.unsent.value > 200_000 })
    let refused = try await fixture.get(foo)
    #expect(refused.status == 429)
    #expect(refused.head["Retry-After"] == "1")
    #expect(try await fixture.get("/readyz?verbose").status == 200)
    #expect(try await fixture.get("/apis/custom.metrics.k8s.io/v1beta2").status == 200)
    fixture.backend.script.withLock { $0 = .init() }
    #expect(try await fixture.get(foo).status == 200)
    await caller.leave()
    #expect(await eventually { fixture.unsent.value == 0 })
    loop.stop()
    await fixture.end()
  }

  @Test func `names that a caller makes up are not answered at length`() async throws {
    let fixture = try await RouterFixture(isOpen: true)
    let answer = try await fixture.get("/readyz?verbose&exclude=" + String(repeating: "x", count: 50_000))
    #expect(answer.status == 200)
    #expect(answer.text.contains(#"no matches for "xxx"#))
    #expect(answer.body.count < 500)
    await fixture.end()
  }

  @Test func `a limit of the container bounds connections and answers, where no flag does`() throws {
    func limits(_ arguments: [String]) throws -> LimitOptions {
      guard case .run(let options) = try RouterOptions.parse(arguments) else { throw NotRun() }
      return options.limits
    }
    let byDefault = try limits([])
    #expect(byDefault.maximumConnections(descriptors: 1 << 20, memory: nil) == 10_000)
    #expect(byDefault.maximumConnections(descriptors: 1024, memory: nil) == 768)
    #expect(byDefault.maximumConnections(descriptors: 1 << 20, memory: 512 << 20) == 1365)
    #expect(byDefault.maximumConnections(descriptors: 1 << 20, memory: 1) == 1)
    #expect(byDefault.answerBytes(memory: nil) == 512 << 20)
    #expect(byDefault.answerBytes(memory: 512 << 20) == 128 << 20)
    let told = try limits(["--max-connections=5000", "--max-answer-memory=1000000"])
    #expect(told.maximumConnections(descriptors: 1024, memory: 1) == 5000)
    #expect(told.answerBytes(memory: 512 << 20) == 500_000)
  }

  @Test(arguments: [(1, 128), (2, 64), (8, 32), (256, 32)])
  func `however many workers there are, each has places for a source`(_ workers: Int, _ places: Int) throws {
    guard case .run(let options) = try RouterOptions.parse([]) else { throw NotRun() }
    #expect(options.backends.limits(workers: workers, held: nil).requests == places)
    guard case .run(let few) = try RouterOptions.parse(["--backend-max-requests-inflight=10"]) else { throw NotRun() }
    #expect(few.backends.limits(workers: workers, held: nil).requests == 5)
  }

  private struct NotRun: Error {}
}

/// Asks over HTTP/2, and makes no room for any answer (RFC 9113 §5.2).
private actor UnreadCaller {
  private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
  /// SETTINGS_INITIAL_WINDOW_SIZE of 0.
  private static let noWindow: [UInt8] = [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0]

  private let loop: EventLoop
  private var stream: ByteStream?
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(_ loop: EventLoop) { self.loop = loop }

  func ask(_ path: String, at address: SocketAddress, times: Int) async throws {
    let socket = try await Socket.connect(to: address, on: loop, deadline: .now() + .seconds(2))
    let context = try TLSClientContext(trust: .anyone, serverName: "router", protocols: [HTTPServer.http2])
    let stream = try ByteStream(socket, role: .client(context))
    self.stream = stream
    try await stream.handshake(deadline: .now() + .seconds(2))
    var bytes = Self.preface + Self.noWindow
    for index in 0..<times { bytes += Self.request(path, on: UInt8(2 * index + 1)) }
    try await stream.write(bytes, deadline: .now() + .seconds(2))
  }

  func leave() { stream?.close() }

  /// HEADERS with END_STREAM and END_HEADERS, of literals without indexing (RFC 7541 §6.2.2).
  private static func request(_ path: String, on stream: UInt8) -> [UInt8] {
    let fields = [(":method", "GET"), (":scheme", "https"), (":authority", "router"), (":path", path)]
    let block = fields.flatMap { [0, UInt8($0.0.utf8.count)] + $0.0.utf8 + [UInt8($0.1.utf8.count)] + $0.1.utf8 }
    return [0, 0, UInt8(block.count), 1, 5, 0, 0, 0, stream] + block
  }
}
