import Foundation
import MetricsAPI
import Testing

@testable import Routing

/// What a snapshot says, its header being right.
@Suite struct SnapshotContentTests {
  private static let text: String = {
    let bytes = sampleSnapshot.encode()
    return String(decoding: bytes[SnapshotHeader.count...], as: UTF8.self)
  }()

  private func decode(_ body: String) throws(SnapshotError) -> Snapshot {
    try Snapshot.decode(SnapshotHeader.seal(Array(body.utf8)))
  }

  private func decode(replacing old: String, with new: String) throws -> Snapshot {
    try #require(Self.text.contains(old))
    return try decode(Self.text.replacingOccurrences(of: old, with: new))
  }

  @Test func `Names that need escapes, or are not ASCII, are read back as they were written`() throws {
    var snapshot = sampleSnapshot
    snapshot.sources[0].listing = MetricsListing(
      custom: [
        pods("a\"b"), pods("\u{1}"), pods("é"), pods("e\u{301}"), nodes("plain"),
        CustomMetric(resource: "r\\é", isNamespaced: true, name: "x"),
      ], external: ["日本", "plain", "tab\t"], placeholders: ["\\/custommetrics"])
    let decoded = try Snapshot.decode(snapshot.encode())
    #expect(decoded == snapshot)
    #expect(decoded.sources[0].listing.custom.count == 6)
  }

  @Test func `One resource in both scopes is read back`() throws {
    var snapshot = sampleSnapshot
    snapshot.sources[1].listing = MetricsListing(
      custom: ["b", "a", "c"].flatMap { name in
        [true, false].map { CustomMetric(resource: "pods", isNamespaced: $0, name: name) }
      } + [pods("d")])
    let decoded = try Snapshot.decode(snapshot.encode())
    #expect(decoded.sources[1].listing == snapshot.sources[1].listing)
    #expect(
      decoded.sources[1].listing.custom.map(\.description) == [
        "pods/a(namespaced)", "pods/a(root scoped)", "pods/b(namespaced)", "pods/b(root scoped)", "pods/c(namespaced)",
        "pods/c(root scoped)", "pods/d(namespaced)",
      ])
  }

  @Test func `Lists in another order, with repetitions, and fields that nobody knows make no difference`() throws {
    let repeated = "\"s1-cron\", \"s0-rabbitmq-orders\", \"s1-cron\", \"s0-rabbitmq-orders\""
    #expect(try decode(replacing: "\"s0-rabbitmq-orders\"", with: repeated) == sampleSnapshot)
    let later = "\"later\": {\"x\": [1, {}, \"]\\\"\"]}, \"stale\""
    #expect(try decode(replacing: "\"stale\"", with: later) == sampleSnapshot)
    #expect(try decode(replacing: "\"generation\": 42", with: "\"new\": null, \"generation\" : 42 ") == sampleSnapshot)
  }

  @Test(arguments: [
    ("\"generation\": 42,", ""), ("\"generation\": 42,", "\"generation\": 42"),
    ("\"generation\": 42", "\"generation\": 042"),
    ("\"sources\"", "\"source\""), ("\"placeholders\"", "\"placeholder\""), ("\"externalMetrics\"", "\"external\""),
    ("\"rootScoped\"", "\"root\""), ("\"lastListed\"", "\"last\""), ("\"s1-cron\"", "1"),
    ("\"s1-cron\"", "\"s1-cron\","),
    ("\"s1-cron\"", "\"s1-cron"), ("\"s1-cron\"", "\"s1\u{1}cron\""), ("\"s1-cron\"", "\"\\x\""),
    ("\"s1-cron\"", "\"\\ud800\""),
    ("\"nodes\": [", "\"nodes\": {"), ("\"stale\": true", "\"stale\": truth"), ("\"stale\": true", "\"stale\": true,,"),
    ("\"externalMetrics\": [", "\"externalMetrics\": [], \"externalMetrics\": ["),
  ])
  func `What is not such a table is rejected`(old: String, new: String) throws {
    let error = #expect(throws: SnapshotError.self) { try decode(replacing: old, with: new) }
    guard case .malformed = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `Nothing may follow the table`() {
    #expect(throws: SnapshotError.self) { try decode(Self.text + "x") }
    #expect(throws: Never.self) { try decode(Self.text + " \n") }
  }

  @Test func `A name that is no UTF-8 is rejected`() {
    var bytes = Array(Self.text.utf8)
    let name = Array("s1-cron".utf8)
    let start = bytes.indices.first { bytes[$0...].starts(with: name) } ?? 0
    bytes[start] = 0xFF
    #expect(throws: SnapshotError.self) { try Snapshot.decode(SnapshotHeader.seal(bytes)) }
  }

  @Test func `A table may nest 64 levels and no more`() throws {
    let nest = { (levels: Int) in
      String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }
    // The table itself is one level, and its sources are two more.
    for (old, outer) in [("\"generation\"", 1), ("\"stale\": true", 3)] {
      let fits = JSONScanner.maximumDepth - outer
      #expect(throws: Never.self) { try decode(replacing: old, with: "\"deep\": \(nest(fits)), \(old)") }
      #expect(throws: SnapshotError.self) { try decode(replacing: old, with: "\"deep\": \(nest(fits + 1)), \(old)") }
    }
  }
}
