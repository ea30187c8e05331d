import Foundation
import HTTP
import Kubernetes
import Routing
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import metrics_router_server

/// Lines as they are written, with what ends them.
private final class WrittenLines: LogSink {
  private let kept = Mutex<[[UInt8]]>([])
  func write(_ line: [UInt8]) { kept.withLock { $0.append(line) } }
  func flush() {}
  var lines: [[UInt8]] { kept.withLock { $0 } }
}

private let metric = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo"

@Suite struct LogInjectionTests {
  /// More than a dozen fields of 256 bytes, each byte of which may be shown by six.
  private static let bound = 32 * 1024

  private static let paths = [
    "/%0d%0aI0101%2000:00:00.000000%201%20forged.go:1%5d%20HTTP", "/%1b%5b2J%1b%5b31mred", "/%c2%9b31m",
    "/%e2%80%ae%e2%80%a8",
    "/%00", "/" + String(repeating: "%1b", count: 3000), "/" + String(repeating: "a", count: 10_240),
    metric + "?labelSelector=%0d%0aforged", metric + "?x=" + String(repeating: "y", count: 10_240),
    "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/" + String(repeating: "m", count: 3000),
  ]

  private static let values = [
    "\u{85}forged", "\u{2028}forged", "\u{202e}degrof", "\u{feff}", "\t", #"" resp="200" forged=""#, #"\n\r\u001b[2J"#,
    String(repeating: "\u{9b}", count: 2000), String(repeating: "x", count: 10_240),
  ]

  /// One line for each event, of printable characters alone, whatever somebody else chose of it.
  private func check(_ lines: [[UInt8]], _ format: LogFormat, sourceLocation: SourceLocation = #_sourceLocation) throws
  {
    #expect(!lines.isEmpty, sourceLocation: sourceLocation)
    for line in lines {
      #expect(line.count <= Self.bound, sourceLocation: sourceLocation)
      #expect(line.filter { $0 < 0x20 || $0 == 0x7f } == [0x0a], sourceLocation: sourceLocation)
      #expect(line.last == 0x0a, sourceLocation: sourceLocation)
      let text = try #require(String(validating: line, as: UTF8.self), sourceLocation: sourceLocation)
      let disguises = text.unicodeScalars.filter {
        (0x80...0x9f).contains($0.value) || (0x2028...0x202e).contains($0.value) || $0.value == 0xfeff
      }
      #expect(disguises.isEmpty, sourceLocation: sourceLocation)
      if format == .json {
        #expect(throws: Never.self, sourceLocation: sourceLocation) {
          try JSONSerialization.jsonObject(with: Data(line))
        }
      } else {
        #expect(text.contains(#/^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{6} /#), sourceLocation: sourceLocation)
      }
    }
  }

  @Test(arguments: LogFormat.allCases)
  func `a caller cannot write a line of the log, nor disguise one`(_ format: LogFormat) async throws {
    let written = WrittenLines()
    let router = try await RouterFixture(
      protocols: [HTTPServer.http1], logger: Logger(format: format, verbosity: 10, sink: written))
    let proxy = try router.frontProxies.issue("/CN=front-proxy-client")
    for path in Self.paths { _ = try await router.get(path, headers: [("Authorization", "Bearer good")]) }
    for value in Self.values {
      let headers = [
        ("User-Agent", value), ("Audit-Id", value), ("X-Remote-User", value), ("X-Remote-Group", value),
        ("Authorization", "Bearer \(value)"),
      ]
      _ = try await router.get(metric, headers: headers)
      _ = try await router.get(metric, headers: headers, certificate: proxy)
    }
    try check(written.lines, format)
    let requests = written.lines.count { String(decoding: $0, as: UTF8.self).contains("auditID") }
    #expect(requests >= Self.paths.count + 2 * Self.values.count)
    await router.end()
  }

  @Test(arguments: LogFormat.allCases)
  func `neither can a backend, nor who names a source`(_ format: LogFormat) async throws {
    let written = WrittenLines()
    let router = try await RouterFixture(isOpen: true, logger: Logger(format: format, verbosity: 10, sink: written))
    let hostile =
      "\r\nI0101 00:00:00.000000 1 forged.go:1] HTTP\u{1b}[2J\u{0}\u{85}\u{2028}"
      + String(repeating: "x", count: 10_240)
    router.route(generation: 2) { $0.name = hostile }
    for status in [200, 302, 401, 404, 500, 503] {
      router.backend.script.withLock {
        $0 = BackendResponder.Script(
          status: status, contentType: "text/plain", body: hostile, fields: [("X-Said", "a\tb")])
      }
      let answer = try await router.get(metric)
      // What is ours to write is JSON, whatever is in it.
      if [200, 302, 401].contains(status) {
        #expect(answer.status == 502)
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(answer.body)) }
      }
    }
    router.route(generation: 3) {
      $0.name = hostile
      $0.backend.port = 1
    }
    let answer = try await router.get(metric)
    #expect(answer.status == 503)
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(answer.body)) }
    try check(written.lines, format)
    await router.end()
  }
}
