import Foundation
import MetricsAPI
import Testing

@testable import Routing

@Suite struct SnapshotTests {
  @Test func `A snapshot is read back as it was written`() throws {
    #expect(try Snapshot.decode(sampleSnapshot.encode()) == sampleSnapshot)
    let empty = Snapshot(generation: .max, writer: "\u{1}\"\\é", time: "", sources: [])
    #expect(try Snapshot.decode(empty.encode()) == empty)
  }

  @Test func `The same sources in another order are the same bytes`() {
    var reversed = sampleSnapshot
    reversed = Snapshot(
      generation: reversed.generation, writer: reversed.writer, time: reversed.time,
      sources: reversed.sources.reversed())
    #expect(reversed.encode() == sampleSnapshot.encode())
  }

  @Test func `A snapshot cut at any length is rejected`() {
    let bytes = sampleSnapshot.encode()
    for length in 0..<bytes.count {
      #expect(throws: SnapshotError.self) { try Snapshot.decode(Array(bytes[..<length])) }
    }
    #expect(throws: SnapshotError.self) { try Snapshot.decode(bytes + [0x0A]) }
  }

  @Test func `A snapshot with any one bit flipped is rejected`() {
    var bytes = sampleSnapshot.encode()
    var accepted: [Int] = []
    for index in bytes.indices {
      for bit in 0..<8 {
        bytes[index] ^= 1 << bit
        if (try? Snapshot.decode(bytes)) != nil { accepted.append(index) }
        bytes[index] ^= 1 << bit
      }
    }
    #expect(accepted.isEmpty)
  }

  @Test func `Another format version is told apart from damage`() {
    let text = String(decoding: sampleSnapshot.encode(), as: UTF8.self)
    let newer = text.replacing("\"version\": 1,", with: "\"version\": 27,")
    #expect(throws: SnapshotError.unsupportedVersion("27")) { try Snapshot.decode(Array(newer.utf8)) }
    let damaged = text.replacing("\"priority\": 100", with: "\"priority\": 101")
    #expect(throws: SnapshotError.wrongDigest) { try Snapshot.decode(Array(damaged.utf8)) }
    let longer = text.replacing("\"priority\": 100", with: "\"priority\": 1000")
    #expect(throws: SnapshotError.wrongLength(stated: text.utf8.count, found: longer.utf8.count)) {
      try Snapshot.decode(Array(longer.utf8))
    }
    #expect(throws: SnapshotError.notSnapshot) { try Snapshot.decode(Array("{}".utf8)) }
  }

  @Test func `A whole snapshot that makes no sense is rejected`() {
    let reject = { (change: (inout RoutedSource) -> Void) in
      var sources = sampleSnapshot.sources
      change(&sources[0])
      let snapshot = Snapshot(generation: 1, writer: "", time: "", sources: sources)
      let error = #expect(throws: SnapshotError.self) { try Snapshot.decode(snapshot.encode()) }
      guard case .malformed = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
    reject { $0.name = "" }
    reject { $0.name = "prometheus" }
    reject { $0.backend.port = 0 }
    reject { $0.backend.port = 65536 }
    reject { $0.backend.host = "" }
    reject { $0.timeoutSeconds = 61 }
    reject { $0.customVersions = [.externalV1Beta1] }
  }

  @Test(arguments: [
    "127.0.0.1", "169.254.169.254", "metadata.google.internal", "other.monitoring.svc", "keda.monitoring.svc.",
    "keda.monitoring.svc:443", "user@keda.monitoring.svc", "keda.monitoring.svc\r\nX-Remote-User: root",
  ])
  func `A host that is not that of the Service is rejected`(_ host: String) {
    var source = sampleSnapshot.sources[0]
    let reject = { (source: RoutedSource) in
      let snapshot = Snapshot(generation: 1, writer: "", time: "", sources: [source])
      #expect(throws: SnapshotError.self) { try Snapshot.decode(snapshot.encode()) }
    }
    source.backend.host = host
    reject(source)
    source = sampleSnapshot.sources[0]
    // Not even where it says the same twice.
    source.serviceName = host
    source.backend.host = "\(host).\(source.serviceNamespace).svc"
    reject(source)
    source = sampleSnapshot.sources[0]
    source.tls.serverName = host.contains(":") || host.hasSuffix(".") || host.contains("@") ? host : "a\r\nb"
    reject(source)
  }

  @Test(arguments: [
    #""generation":"\"#, #""generation":{"a":"\"#, #""sources":[{"name":"\"#, #""\"#,
    #""sources":[{"placeholders":["\"#,
  ])
  func `A whole snapshot that ends within an escape is rejected`(_ body: String) {
    #expect(throws: SnapshotError.self) { try Snapshot.decode(SnapshotHeader.seal(Array(body.utf8))) }
  }

  @Test func `Only the sources count as content`() {
    var other = sampleSnapshot
    other.generation += 1
    other.time = "later"
    other.writer = "another"
    #expect(other.hasSameContent(as: sampleSnapshot))
    other.sources[0].isStale.toggle()
    #expect(!other.hasSameContent(as: sampleSnapshot))
  }

  @Test func `The example in the documentation is what the encoder writes, and decodes`() throws {
    let page = URL(filePath: #filePath).appending(path: "../../../docs/snapshot.md").standardized
    var text = try String(contentsOf: page, encoding: .utf8)
    let start = try #require(text.firstRange(of: "```json\n")).upperBound
    let end = try #require(text[start...].firstRange(of: "```")).lowerBound
    if ProcessInfo.processInfo.environment["UPDATE_DOCS"] != nil {
      text.replaceSubrange(start..<end, with: String(decoding: sampleSnapshot.encode(), as: UTF8.self))
      return try text.write(to: page, atomically: true, encoding: .utf8)
    }
    let example = Array(text[start..<end].utf8)
    #expect(try Snapshot.decode(example) == sampleSnapshot)
    #expect(String(decoding: sampleSnapshot.encode(), as: UTF8.self) == String(text[start..<end]))
  }
}
