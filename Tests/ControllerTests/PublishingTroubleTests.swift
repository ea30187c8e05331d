import Foundation
import Kubernetes
import MetricsAPI
import Routing
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import metrics_router_controller

private func routed(_ name: String, _ metrics: [String] = ["queue_length"]) -> RoutedSource {
  RoutedSource(
    name: name, spec: plainSpec(name, [.externalMetrics]), port: 443, customVersions: [],
    externalVersions: [.externalV1Beta1], listing: MetricsListing(external: metrics))
}

/// A publisher with a folder of its own, and what it has told.
private struct Published {
  let folder: URL
  let path: String
  let publisher: Publisher
  let told = Told()

  final class Told: Sendable {
    let outcomes = Mutex<[Publisher.Unpublished?]>([])
  }

  init() async throws {
    folder = try ControllerFixture.makeFolder()
    path = folder.appending(path: "volume/table.json").path()
    try FileManager.default.createDirectory(
      at: folder.appending(path: "volume"), withIntermediateDirectories: true)
    publisher = Publisher(
      path: path, writer: "test", metrics: ControllerMetrics(in: MetricsRegistry()),
      logger: Logger(sink: ControllerFixture.Lines()))
    await publisher.report { [told] outcome in told.outcomes.withLock { $0.append(outcome) } }
  }

  var snapshot: Snapshot? {
    (try? Data(contentsOf: URL(filePath: path))).flatMap { try? Snapshot.decode(Array($0)) }
  }

  func publish(_ sources: [RoutedSource]) async {
    await publisher.publish { sources }
    await publisher.flush()
  }

  var outcomes: [Publisher.Unpublished?] { told.outcomes.withLock { $0 } }
  func remove() { try? FileManager.default.removeItem(at: folder) }
}

@Suite struct PublishingTroubleTests {
  @Test func `those are told whose routes are not in the file, and once that they are`() async throws {
    let published = try await Published()
    defer { published.remove() }
    await published.publish([routed("a"), routed("b")])
    #expect(published.outcomes.isEmpty)
    // A folder where the temporary file would be renamed to.
    try FileManager.default.removeItem(atPath: published.path)
    try FileManager.default.createDirectory(atPath: published.path, withIntermediateDirectories: true)
    await published.publish([routed("a"), routed("b", ["other"]), routed("c")])
    let failure = try #require(published.outcomes.last ?? nil)
    // Nothing lies there any more, so that all three are missing.
    #expect(failure.sources == ["a", "b", "c"])
    #expect(failure.cause.contains("rename"))
    try FileManager.default.removeItem(atPath: published.path)
    await published.publish([routed("a"), routed("b", ["other"]), routed("c")])
    #expect(published.outcomes.count == 2 && published.outcomes[1] == nil)
    #expect(published.snapshot?.sources.count == 3)
    #expect(published.snapshot?.generation == 3)
  }

  @Test func `what is as before is not told of, and a change that is taken back is no trouble any more`() async throws {
    let published = try await Published()
    defer { published.remove() }
    let before = [routed("a"), routed("b")]
    await published.publish(before)
    // Only the temporary file cannot be made: a folder that is not empty has its name.
    let temporary = "\(published.path).\(getpid()).tmp"
    try FileManager.default.createDirectory(atPath: temporary + "/x", withIntermediateDirectories: true)
    await published.publish([routed("a"), routed("b", ["other"])])
    #expect(published.outcomes.map { $0?.sources } == [["b"]])
    await published.publish(before)
    #expect(published.outcomes.map { $0?.sources } == [["b"], nil])
    #expect(published.snapshot?.generation == 1)
    #expect(await published.publisher.lastError == nil)
  }

  @Test func `a snapshot that is removed, replaced or damaged is written again`() async throws {
    let published = try await Published()
    defer { published.remove() }
    await published.publish([routed("a")])
    let keeping = Task { await published.publisher.keep() }
    defer { keeping.cancel() }
    let damages: [() throws -> Void] = [
      { try FileManager.default.removeItem(atPath: published.path) },
      { try Data("{}".utf8).write(to: URL(filePath: published.path)) },
      {
        try FileManager.default.removeItem(at: published.folder.appending(path: "volume"))
        try FileManager.default.createDirectory(
          at: published.folder.appending(path: "volume"), withIntermediateDirectories: true)
      },
    ]
    var generation = UInt64(1)
    for damage in damages {
      try damage()
      #expect(await eventually { published.snapshot.map { $0.generation > generation } ?? false })
      generation = published.snapshot?.generation ?? 0
      #expect(published.snapshot?.sources == [routed("a")])
    }
  }

  @Test func `what a killed process left is removed at the start, and nothing else`() throws {
    let folder = try ControllerFixture.makeFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "table.json").path()
    // Beyond the highest number a process can have; that of this one; and one that runs.
    let left = ["table.json.99999999.tmp", "table.json.\(getpid()).tmp"]
    let others = [
      "table.json.\(getppid()).tmp", "table.json.tmp", "table.json.1x.tmp", "table.json.-1.tmp", "table.json.99999999",
      "status.json.99999999.tmp",
    ]
    for name in left + others { try Data().write(to: folder.appending(path: name)) }
    AtomicFile.removeLeftovers(of: path)
    #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder.path())) == Set(others))
  }

  @Test func `a source that cannot be published has a condition and an event within moments, and again once it is`()
    async throws
  {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { fixture.source("a")?.listing.count == 1 })
    let temporary = fixture.folder.appending(path: "table.json.\(getpid()).tmp")
    try FileManager.default.createDirectory(
      at: temporary.appending(path: "x"), withIntermediateDirectories: true)
    var spec = plainSpec()
    spec.priority += 1
    fixture.sources.send(.applied(metricsSource("a", spec, generation: 2)))
    let start = ContinuousClock.now
    #expect(await eventually { fixture.published("a")?.status == "False" })
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(fixture.published("a")?.reason == "SnapshotNotWritten")
    #expect(fixture.published("a")?.message.contains(temporary.lastPathComponent) == true)
    let ready = try #require(fixture.reporter.statuses(of: "a").last?.condition("Ready"))
    #expect(!ready.isTrue && ready.reason == "SnapshotNotWritten")
    #expect(fixture.source("a")?.listing.count == 1)
    try FileManager.default.removeItem(at: temporary)
    #expect(await eventually { fixture.published("a")?.status == "True" })
    #expect(fixture.source("a")?.priority == spec.priority)
    #expect(
      await eventually {
        fixture.eventReporter.events(of: "a").map(\.reason).filter { $0 == .notPublished || $0 == .published }
          == [.notPublished, .published]
      })
    await fixture.end()
    await backend.end()
  }
}

extension ControllerFixture {
  fileprivate func published(_ name: String) -> MetricsSourceStatus.Condition? {
    reporter.statuses(of: name).last?.condition("Published")
  }
}
