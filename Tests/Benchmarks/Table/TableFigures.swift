import Foundation
import MetricsAPI
import Routing

/// What one table costs.
struct TableFigures {
  private var fields: [(name: String, value: String)] = []

  var json: String { "{" + fields.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ",") + "}" }

  /// Goes the server's way, from the file to the table in force.
  init(_ sample: SampleTable, readFrom file: String, writeSeconds: Double) throws {
    let nameBytes = (0..<sample.metricCount).reduce(0) { $0 + sample.key($1).metricName.utf8.count }
    let before = ResidentMemory.bytes
    var seconds = (read: 0.0, table: 0.0, documents: 0.0, swap: 0.0)
    var table = try Self.table(file, &seconds)
    let tableBytes = ResidentMemory.bytes - before - nameBytes
    var documents = try Self.timed(&seconds.documents) { try RenderedDocuments(table) }
    let documentBytes = ResidentMemory.bytes - before - nameBytes - tableBytes
    let lookups = LookupFigures(sample, in: table)

    // What a swap leaves to do once the next table is there: to let go of the last one.
    var ignored = seconds
    let next = try Self.table(file, &ignored)
    let nextDocuments = try RenderedDocuments(next)
    Self.timed(&seconds.swap) {
      table = next
      documents = nextDocuments
    }

    add("metrics", table.metricCount)
    add("sources", sample.sourceCount)
    add("claims", sample.claimCount)
    add("nameBytes", nameBytes)
    add("fileBytes", (try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int) ?? 0)
    add("residentBytesPerMetric", Double(tableBytes) / Double(max(1, sample.metricCount)))
    add("documentResidentBytes", documentBytes)
    add("documentBytes", documents.plainBytes)
    add("documentGzipBytes", documents.gzippedBytes)
    add("lookupNanoseconds", lookups.hit)
    add("missNanoseconds", lookups.miss)
    add("claimNanoseconds", lookups.claim)
    add("writeSeconds", writeSeconds)
    add("readSeconds", seconds.read)
    add("buildSeconds", seconds.table + seconds.documents)
    add("tableSeconds", seconds.table)
    add("documentSeconds", seconds.documents)
    add("swapSeconds", seconds.swap)
  }

  /// The file's bytes and what is made of them on the way are let go of.
  private static func table(
    _ file: String, _ seconds: inout (read: Double, table: Double, documents: Double, swap: Double)
  ) throws -> RoutingTable {
    let snapshot = try timed(&seconds.read) {
      try Snapshot.decode([UInt8](Data(contentsOf: URL(filePath: file))))
    }
    return timed(&seconds.table) { snapshot.table }
  }

  private static func timed<Result>(_ seconds: inout Double, _ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    let result = try body()
    seconds = (ContinuousClock.now - start) / .seconds(1)
    return result
  }

  private mutating func add(_ name: String, _ value: Int) { fields.append((name, "\(value)")) }

  private mutating func add(_ name: String, _ value: Double) {
    fields.append((name, String(format: value < 10 ? "%.4f" : "%.0f", value)))
  }
}
