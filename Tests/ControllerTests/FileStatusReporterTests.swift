import Foundation
import Routing
import Telemetry
import TestSupport
import Testing

@testable import metrics_router_controller

private func source(_ name: String, priority: Int = 1) -> MetricsSource {
  metricsSource(
    name,
    MetricsSourceSpec(
      priority: priority, metricTypes: [.externalMetrics],
      service: .init(namespace: "ns", name: name, port: .number(443))))
}

private func status(_ message: String) -> MetricsSourceStatus {
  var status = MetricsSourceStatus()
  status.synced = true
  status.metricsCount = 3
  status.service = "ns/a"
  status.conditions = [
    .init(type: "Synced", status: "True", reason: "ListRead", message: message, lastTransitionTime: "")
  ]
  return status
}

/// The document as it was written when it was encoded as a whole.
private struct Document: Codable, Equatable {
  struct Item: Codable, Equatable {
    struct Metadata: Codable, Equatable { var name: String }
    struct Spec: Codable, Equatable { var priority: Int }
    var metadata: Metadata
    var spec: Spec
    var status: MetricsSourceStatus
  }

  var kind = "MetricsSourceList"
  var items: [Item]

  init(_ items: [(name: String, priority: Int, status: MetricsSourceStatus)]) {
    self.items = items.map {
      Item(metadata: .init(name: $0.name), spec: .init(priority: $0.priority), status: $0.status)
    }
  }

  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }
}

@Suite struct StatusListTests {
  @Test func `the document is what encoding all statuses at once gives, sorted by name`() throws {
    var list = StatusList()
    try list.put(status("first"), of: source("b", priority: 7))
    try list.put(status("second\nline, \"quoted\""), of: source("a"))
    try list.put(status("third"), of: source("b", priority: 8))
    let expected = Document([("a", 1, status("second\nline, \"quoted\"")), ("b", 8, status("third"))])
    #expect(String(decoding: list.document(), as: UTF8.self) == (try expected.text))
  }

  @Test func `a source that is gone is no longer in it, and one that comes later is`() throws {
    var list = StatusList()
    try list.put(status("a"), of: source("a"))
    try list.put(status("c"), of: source("c"))
    _ = list.document()
    list.remove("a")
    try list.put(status("b"), of: source("b"))
    let expected = Document([("b", 1, status("b")), ("c", 1, status("c"))])
    #expect(String(decoding: list.document(), as: UTF8.self) == (try expected.text))
  }

  @Test func `without any source it is an empty list`() throws {
    var list = StatusList()
    let document = try JSONDecoder().decode(Document.self, from: Data(list.document()))
    #expect(document == Document([]))
  }
}

@Suite struct FileStatusReporterTests {
  private let folder: URL
  private var path: String { folder.appending(path: "status.json").path() }

  init() throws { folder = try ControllerFixture.makeFolder() }

  private func reporter(_ path: String) -> FileStatusReporter {
    FileStatusReporter(path: path, logger: Logger(sink: ControllerFixture.Lines()))
  }

  private func names(_ path: String) -> [String]? {
    guard let bytes = try? Data(contentsOf: URL(filePath: path)) else { return nil }
    return (try? JSONDecoder().decode(Document.self, from: bytes))?.items.map(\.metadata.name)
  }

  private func inode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
  }

  @Test func `after a write it rests, and what comes meanwhile is one write`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let reporter = reporter(path)
    try await reporter.report(status("new"), of: source("a"))
    #expect(await eventually { names(path) == ["a"] })
    let first = try inode(path)
    let all = (10..<60).map { "source-\($0)" }
    for name in all { try await reporter.report(status("new"), of: source(name)) }
    await reporter.forget("a")
    #expect(try inode(path) == first)
    #expect(await eventually { (try? inode(path)) != first })
    #expect(names(path) == all)
  }

  @Test func `what waits is written when it stops, and nothing after that`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let reporter = reporter(path)
    try await reporter.report(status("new"), of: source("a"))
    await reporter.stop()
    #expect(names(path) == ["a"])
    try await reporter.report(status("new"), of: source("b"))
    try await Task.sleep(for: .milliseconds(300))
    #expect(names(path) == ["a"])
  }

  @Test func `where it cannot write it tries again`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let later = folder.appending(path: "not-there")
    let path = later.appending(path: "status.json").path()
    let reporter = reporter(path)
    try await reporter.report(status("new"), of: source("a"))
    try await Task.sleep(for: .milliseconds(300))
    try FileManager.default.createDirectory(at: later, withIntermediateDirectories: true)
    #expect(await eventually { names(path) == ["a"] })
  }
}
