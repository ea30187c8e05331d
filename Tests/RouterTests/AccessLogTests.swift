import Foundation
import Synchronization
import Telemetry
import Testing

@testable import metrics_router_server

private final class KeptLines: LogSink {
  private let kept = Mutex<[String]>([])

  func write(_ line: [UInt8]) { kept.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
  func flush() {}

  var requests: [String] { kept.withLock { $0.filter { $0.contains("HTTP") } } }
}

private let foo = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo"

@Suite struct AccessLogTests {
  @Test func `each request is a line, with whom it came from, where it went and what became of it`() async throws {
    let lines = KeptLines()
    let router = try await RouterFixture(logger: Logger(verbosity: 2, sink: lines))
    let headers = [
      ("Authorization", "Bearer good"), ("Audit-Id", "request-1"), ("User-Agent", #"a "quoted" agent"#),
    ]
    _ = try await router.get(foo + "?labelSelector=app%3Dx", headers: headers)
    let line = try #require(lines.requests.first)
    for field in [
      #"verb="GET""#, #"URI="\#(foo)?labelSelector=app%3Dx""#, #"protocol="HTTP/2""#, #"source="adapter""#,
      #"user="jane""#, #"userAgent="a \"quoted\" agent""#, #"auditID="request-1""#, #"resp="200""#,
    ] {
      #expect(line.contains(field), "\(field) in \(line)")
    }
    #expect(line.contains(/latency="\d+\.\d{3}ms" backendLatency="\d+\.\d{3}ms"/))
    #expect(!line.contains("good"))
    await router.end()
  }

  @Test func `the same as JSON`() async throws {
    let lines = KeptLines()
    let router = try await RouterFixture(logger: Logger(format: .json, verbosity: 2, sink: lines))
    _ = try await router.get(foo, headers: [("Authorization", "Bearer bad"), ("Audit-Id", "request-2")])
    let line = try #require(lines.requests.first)
    let fields = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(fields["auditID"] as? String == "request-2")
    #expect(fields["URI"] as? String == foo)
    #expect(fields["resp"] as? String == "401")
    #expect(fields["source"] as? String == "")
    await router.end()
  }

  @Test func `without -v=2 there are no such lines`() async throws {
    let lines = KeptLines()
    let router = try await RouterFixture(isOpen: true, logger: Logger(verbosity: 1, sink: lines))
    _ = try await router.get(foo)
    #expect(lines.requests.isEmpty)
    await router.end()
  }
}
