import Foundation
import Kubernetes
import MetricsAPI
import Routing
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import metrics_router_server

private final class KeptLines: LogSink {
  let lines = Mutex<[String]>([])
  func write(_ line: [UInt8]) { lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
  func flush() {}
}

/// A router that answers by the table in a folder of the test's own.
private struct Watched {
  let router: RouterFixture
  let folder: URL
  let path: String
  let log = KeptLines()
  let readiness = Readiness(conditions: ["routing-table"])
  let reading: Task<Void, any Error>

  init() async throws {
    router = try await RouterFixture(isOpen: true, isRouted: false)
    folder = FileManager.default.temporaryDirectory.appending(path: "damaged-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: "routing-table.json").path()
    let reader = SnapshotReader(
      path: path, tables: router.tables, readiness: readiness, discovery: DiscoveryOptions(), metrics: router.metrics,
      logger: Logger(sink: log))
    reading = Task { try await reader.run() }
  }

  func snapshot(_ generation: UInt64) -> [UInt8] {
    Snapshot(generation: generation, writer: "test", time: "2026-01-01T00:00:00Z", sources: [router.source(0)]).encode()
  }

  func install(_ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(filePath: path + ".new"))
    #expect(rename(path + ".new", path) == 0)
  }

  func count(_ result: String) -> UInt64 { router.metrics.reloads.child(result).value }

  /// Looks more often than `eventually` does, for what happens hundreds of times.
  func refuses(_ count: UInt64) async throws -> Bool {
    let start = ContinuousClock.now
    while self.count("rejected") < count {
      guard ContinuousClock.now - start < .seconds(15) else { return false }
      try await Task.sleep(for: .milliseconds(1))
    }
    return true
  }

  func hasGeneration(_ generation: UInt64) async -> Bool {
    await eventually { router.tables.current?.generation == generation }
  }

  func answers() async throws -> Bool {
    try await router.get("/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/%2A/foo").status == 200
  }

  func end() async {
    reading.cancel()
    await router.end()
    try? FileManager.default.removeItem(at: folder)
  }
}

@Suite struct DamagedSnapshotTests {
  @Test
  func `each of 500 damaged files is refused, counted and told, and requests are answered by the last good table`()
    async throws
  {
    let watched = try await Watched()
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(state: seed)
    try watched.install(watched.snapshot(7))
    #expect(await watched.hasGeneration(7))
    // The next table, which never arrives whole.
    let next = watched.snapshot(8)
    for round in 1...500 {
      var damaged = next
      if round % 2 == 0 {
        damaged.removeLast(Int.random(in: 1...next.count, using: &random))
      } else {
        let bit = Int.random(in: 0..<next.count * 8, using: &random)
        damaged[bit / 8] ^= 1 << (bit % 8)
      }
      try watched.install(damaged)
      guard try await watched.refuses(UInt64(round)) else {
        Issue.record("not refused: seed \(seed), round \(round)")
        break
      }
      if round % 25 == 0 { #expect(try await watched.answers()) }
    }
    #expect(watched.count("rejected") == 500)
    #expect(watched.count("loaded") == 1)
    #expect(watched.router.tables.current?.generation == 7)
    #expect(watched.readiness.isReady)
    let told = watched.log.lines.withLock { lines in
      lines.filter { $0.contains("snapshot rejected, generation 7 stays in force: \(watched.path)") }
    }
    #expect(told.count == 500)
    try watched.install(next)
    #expect(await watched.hasGeneration(8))
    await watched.end()
  }

  @Test(arguments: ["a folder", "nothing", "a pipe", "a link to nowhere"])
  func `the last good table outlives it when its file becomes something else`(_ other: String) async throws {
    let watched = try await Watched()
    try watched.install(watched.snapshot(1))
    #expect(await watched.hasGeneration(1))
    #expect(unlink(watched.path) == 0)
    switch other {
    case "a folder": #expect(mkdir(watched.path, 0o755) == 0)
    case "a pipe": #expect(mkfifo(watched.path, 0o600) == 0)
    case "a link to nowhere": #expect(symlink("nowhere", watched.path) == 0)
    default: break
    }
    // The folder tells of it at once.
    try await Task.sleep(for: .milliseconds(300))
    #expect(try await watched.answers())
    #expect(watched.router.tables.current?.generation == 1)
    if other == "a folder" { #expect(watched.count("unreadable") > 0) }
    if other == "a pipe" { #expect(await eventually { watched.count("rejected") == 1 }) }
    // The folder goes, too, and with it what tells of changes in it.
    try FileManager.default.removeItem(at: watched.folder)
    try FileManager.default.createDirectory(at: watched.folder, withIntermediateDirectories: true)
    try watched.install(watched.snapshot(2))
    #expect(await watched.hasGeneration(2))
    await watched.end()
  }

  @Test func `a link that is swapped, as a mounted volume does, brings its table`() async throws {
    let watched = try await Watched()
    func fill(_ name: String, _ generation: UInt64) throws {
      let version = watched.folder.appending(path: name)
      try FileManager.default.createDirectory(at: version, withIntermediateDirectories: true)
      try Data(watched.snapshot(generation)).write(to: version.appending(path: "routing-table.json"))
      let link = watched.folder.appending(path: "..next").path()
      #expect(symlink(name, link) == 0)
      #expect(rename(link, watched.folder.appending(path: "..data").path()) == 0)
    }
    try fill("..1", 1)
    #expect(symlink("..data/routing-table.json", watched.path) == 0)
    #expect(await watched.hasGeneration(1))
    for generation in UInt64(2)...20 {
      try fill("..\(generation)", generation)
      #expect(await watched.hasGeneration(generation))
    }
    #expect(watched.count("rejected") == 0)
    #expect(try await watched.answers())
    await watched.end()
  }
}
