import Foundation
import Routing
import Telemetry
import TestSupport
import Testing

@testable import metrics_router_server

@Suite struct SnapshotReaderTests {
  @Test func `each good file is taken up, and a bad one leaves the last good table and readiness as they are`()
    async throws
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: "reader-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "routing-table.json").path()
    func install(_ bytes: [UInt8]) throws {
      try Data(bytes).write(to: URL(filePath: path + ".new"))
      #expect(rename(path + ".new", path) == 0)
    }
    func snapshot(_ generation: UInt64) -> [UInt8] {
      Snapshot(generation: generation, writer: "test", time: "2026-01-01T00:00:00Z", sources: []).encode()
    }
    let (tables, readiness) = (TableHolder(), Readiness(conditions: ["routing-table"]))
    let reader = SnapshotReader(
      path: path, tables: tables, readiness: readiness, discovery: DiscoveryOptions(),
      metrics: RouterMetrics(tables: tables, inFlight: InFlight(limit: 0)), logger: Logger(sink: DroppedLines()))
    let reading = Task { try await reader.run() }
    defer { reading.cancel() }
    #expect(tables.current == nil)
    #expect(!readiness.isReady)

    try install(snapshot(1))
    #expect(await eventually { tables.current?.generation == 1 })
    #expect(readiness.isReady)

    try install(snapshot(2).dropLast())
    // Longer than it takes to notice a file, whether the folder tells of it or not.
    try await Task.sleep(for: .milliseconds(1500))
    #expect(tables.current?.generation == 1)
    #expect(readiness.isReady)

    try install(snapshot(3))
    #expect(await eventually { tables.current?.generation == 3 })
  }
}
