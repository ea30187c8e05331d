import Foundation
import MetricsAPI
import Routing
import Telemetry
import Testing

@testable import metrics_router_controller

/// A folder of one test.
private struct Folder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "publisher-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  var snapshot: String { url.appending(path: "table.json").path() }
  func remove() { try? FileManager.default.removeItem(at: url) }

  func read() throws -> Snapshot { try Snapshot.decode(Array(try Data(contentsOf: URL(filePath: snapshot)))) }
  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path())) ?? [] }
}

private struct Silence: LogSink {
  func write(_ line: [UInt8]) {}
  func flush() {}
}

private func source(_ name: String, priority: Int = 1) -> RoutedSource {
  RoutedSource(
    name: name,
    spec: MetricsSourceSpec(
      priority: priority, metricTypes: [.externalMetrics],
      service: .init(namespace: "ns", name: name, port: .number(443))),
    port: 443, customVersions: [], externalVersions: [.externalV1Beta1],
    listing: MetricsListing(external: ["queue_length"]))
}

@Suite struct PublisherTests {
  private let registry = MetricsRegistry()

  private func publisher(_ folder: Folder, in registry: MetricsRegistry = MetricsRegistry()) -> Publisher {
    Publisher(
      path: folder.snapshot, writer: "test", metrics: ControllerMetrics(in: registry), logger: Logger(sink: Silence()))
  }

  @Test func `what is published can be read, and nothing else is left in the folder`() async throws {
    let folder = try Folder()
    defer { folder.remove() }
    let publisher = publisher(folder)
    await publisher.publish { [source("a")] }
    await publisher.flush()
    #expect(try folder.read().sources == [source("a")])
    #expect(folder.names == ["table.json"])
    #expect(await publisher.hasPublished)
  }

  @Test func `equal content is not written again`() async throws {
    let folder = try Folder()
    defer { folder.remove() }
    let publisher = publisher(folder)
    for _ in 0..<3 {
      await publisher.publish { [source("a")] }
      await publisher.flush()
    }
    #expect(try folder.read().generation == 1)
    await publisher.publish { [source("a", priority: 2)] }
    await publisher.flush()
    #expect(try folder.read().generation == 2)
  }

  @Test func `a restart goes on from what the last run left`() async throws {
    let folder = try Folder()
    defer { folder.remove() }
    let first = publisher(folder)
    await first.publish { [source("a")] }
    await first.flush()
    let second = publisher(folder)
    #expect(await second.former == [source("a")])
    await second.publish { [source("b")] }
    await second.flush()
    #expect(try folder.read().generation == 2)
  }

  @Test func `once closed it writes what was waiting, and nothing after that`() async throws {
    let folder = try Folder()
    defer { folder.remove() }
    let publisher = publisher(folder)
    await publisher.publish { [source("a")] }
    await publisher.close()
    #expect(try folder.read().sources == [source("a")])
    await publisher.publish { [source("b")] }
    await publisher.flush()
    #expect(try folder.read().sources == [source("a")])
  }

  @Test func `many changes at one time are one write`() async throws {
    let folder = try Folder()
    defer { folder.remove() }
    let publisher = publisher(folder)
    for priority in 0..<50 { await publisher.publish { [source("a", priority: priority)] } }
    let start = ContinuousClock.now
    while (try? folder.read()) == nil, ContinuousClock.now - start < .seconds(5) {
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(try folder.read().generation == 1)
    #expect(try folder.read().sources == [source("a", priority: 49)])
  }

  @Test func `where it cannot write it says so, keeps the last file, and tries again`() async throws {
    let folder = try Folder()
    defer { folder.remove() }
    let path = folder.url.appending(path: "not-there/table.json").path()
    let publisher = Publisher(
      path: path, writer: "test", metrics: ControllerMetrics(in: registry), logger: Logger(sink: Silence()))
    await publisher.publish { [source("a")] }
    await publisher.flush()
    #expect(await publisher.lastError?.contains("not-there") == true)
    #expect(await !publisher.hasPublished)
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "not-there"), withIntermediateDirectories: true)
    await publisher.flush()
    #expect(await publisher.hasPublished)
    #expect(registry.scraped(#"metrics_router_controller_snapshot_writes_total{result="error"}"#) == 1)
    #expect(registry.scraped(#"metrics_router_controller_snapshot_writes_total{result="success"}"#) == 1)
  }

  @Test func `generation, size and age of the snapshot are measured, and writes that change nothing are none`()
    async throws
  {
    let folder = try Folder()
    defer { folder.remove() }
    let publisher = publisher(folder, in: registry)
    #expect(registry.scraped("metrics_router_controller_snapshot_age_seconds") == nil)
    for name in ["a", "b", "b"] {
      await publisher.publish { [source(name)] }
      await publisher.flush()
    }
    #expect(registry.scraped("metrics_router_controller_snapshot_generation") == 2)
    #expect(registry.scraped(#"metrics_router_controller_snapshot_writes_total{result="success"}"#) == 2)
    let size = try Data(contentsOf: URL(filePath: folder.snapshot)).count
    #expect(registry.scraped("metrics_router_controller_snapshot_bytes") == Double(size))
    let age = try #require(registry.scraped("metrics_router_controller_snapshot_age_seconds"))
    #expect(age >= 0 && age < 60)
  }

  @Test func `the snapshot of a former run is measured by what it says of itself`() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let written = Date.now.addingTimeInterval(-1000).formatted(.iso8601)
    let former = Snapshot(generation: 7, writer: "test", time: written, sources: [source("a")])
    try AtomicFile.write(former.encode(), to: folder.snapshot)
    _ = publisher(folder, in: registry)
    #expect(registry.scraped("metrics_router_controller_snapshot_generation") == 7)
    #expect(registry.scraped("metrics_router_controller_snapshot_bytes") == Double(former.encode().count))
    let age = try #require(registry.scraped("metrics_router_controller_snapshot_age_seconds"))
    #expect(age > 990 && age < 1060)
    #expect(registry.scraped(#"metrics_router_controller_snapshot_writes_total{result="success"}"#) == 0)
  }
}
