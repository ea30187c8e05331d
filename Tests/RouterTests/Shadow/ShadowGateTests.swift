import EventLoop
import Foundation
import HTTP
import Kubernetes
import MetricsAPI
import Options
import Routing
import Testing

@testable import metrics_router_server

@Suite struct ShadowGateTests {
  private let start = MonotonicTime(nanoseconds: 1_000_000_000)

  @Test func `a bucket lets its rate through, and fills up again to no more than that`() {
    var bucket = TokenBucket(rate: 4, now: start)
    let taken = { (time: MonotonicTime) in (0..<10).count { _ in bucket.take(at: time) } }
    #expect(taken(start) == 4)
    #expect(taken(start + .milliseconds(249)) == 0)
    #expect(taken(start + .milliseconds(251)) == 1)
    #expect(taken(start + .milliseconds(751)) == 2)
    #expect(taken(start + .seconds(60)) == 4)
    #expect(taken(start) == 0)
  }

  @Test func `each shadow has its own rate, and all have one bound`() {
    let gate = ShadowGate(ShadowSettings(rate: 2, inFlight: 3))
    #expect(gate.enter("a", at: start) == nil)
    #expect(gate.enter("a", at: start) == nil)
    #expect(gate.enter("a", at: start) == .rate)
    #expect(gate.enter("b", at: start) == nil)
    #expect(gate.enter("b", at: start) == .inFlight)
    gate.leave()
    // Being turned away for the bound has not used the rate up.
    #expect(gate.enter("b", at: start) == nil)
  }

  @Test func `the flags have bounds`() throws {
    let parse = { (arguments: [String]) throws(OptionsError) in
      guard case .run(let options) = try RouterOptions.parse(arguments) else { return nil as ShadowSettings? }
      return options.shadows
    }
    let defaults = try #require(try parse([]))
    #expect(defaults.rate == 10 && defaults.inFlight == 8 && defaults.tolerance == 0.01)
    let given = try #require(
      try parse(["--shadow-rate=0", "--shadow-max-inflight=1", "--shadow-tolerance=0.5"]))
    #expect(given.rate == 0 && given.inFlight == 1 && given.tolerance == 0.5)
    for wrong in ["--shadow-tolerance=1.1", "--shadow-tolerance=nan", "--shadow-rate=-1", "--shadow-max-inflight=0"] {
      #expect(throws: OptionsError.self) { try parse([wrong]) }
    }
  }

  @Test func `an answer of a shadow has a bound of its own, below that of others`() throws {
    guard case .run(let options) = try RouterOptions.parse([]) else { return }
    #expect(options.shadowLimits.bodyBytes == 4 * 1024 * 1024)
    guard case .run(let options) = try RouterOptions.parse(["--backend-max-response-bytes=2048"]) else { return }
    #expect(options.shadowLimits.bodyBytes == 2048)
  }

  @Test func `summaries are JSON, begun anew with another source`() throws {
    let summaries = ShadowSummaries()
    #expect(String(decoding: summaries.json(), as: UTF8.self) == "{\"shadows\":{}}\n")
    let failed = Comparison(.failure(status: 404), .failure(status: 500), tolerance: 0)
    summaries.record("b", of: "x", failed)
    summaries.record("b", of: "a", failed, now: Date(timeIntervalSince1970: 0))
    #expect(
      String(decoding: summaries.json(), as: UTF8.self)
        == #"{"shadows":{"b":{"agreed":0,"compared":0,"differed":0,"failed":1,"lastCompared":"1970-01-01T00:00:00Z","maxRelativeDifference":"0.0000","of":"a"}}}"#
        + "\n")
  }

  @Test func `the summaries are a page of the status server`() async throws {
    let router = try await RouterFixture(isOpen: true)
    let failed = Comparison(.failure(status: 404), .failure(status: 500), tolerance: 0)
    let summaries = router.metrics.shadows.summaries
    summaries.record("b", of: "a", failed)
    let loop = try EventLoop(name: "status")
    let server = HTTPServer(loop: loop, tls: nil) { _ in
      StatusPages([ShadowPage(summaries: summaries)], host: "127.0.0.1")
    }
    let port = try await server.start(try #require(SocketAddress("127.0.0.1", port: 0))).port
    let answer = try await router.transport.send(CurlRequest("GET", "http://127.0.0.1:\(port)/debug/shadow"))
    #expect(answer.head["content-type"] == "application/json")
    #expect(answer.body == summaries.json())
    _ = await server.drain(until: .now() + .milliseconds(100))
    loop.stop()
    await router.end()
  }

  @Test func `a table knows the shadows of each source, and no source shadows itself`() {
    let source = { (name: String, of: String?) in
      RoutedSource(
        name: name, priority: 0, serviceNamespace: "ns", serviceName: name,
        backend: .init(scheme: .https, host: "h", port: 1), tls: .init(serverName: "h"), sendsToken: false,
        timeoutSeconds: 1, customVersions: [], externalVersions: [], listing: MetricsListing(), isStale: false,
        shadowOf: of)
    }
    let table = RoutingTable(
      sources: [source("a", nil), source("b", "a"), source("c", "a"), source("d", "gone"), source("e", "e")],
      generation: 1)
    #expect((0..<5).map { table.shadows(of: $0) } == [[1, 2], [], [], [], []])
  }
}
