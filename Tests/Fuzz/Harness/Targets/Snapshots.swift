import MetricsAPI

@testable import Routing

extension FuzzTarget {
  /// The routing table's file: as it is, and with a header that fits, so that what the digest guards is reached too.
  static let snapshots = FuzzTarget(name: "snapshots", maximumLength: 4096) { input in
    let bytes = Array(input)
    check(bytes)
    check(SnapshotHeader.seal(bytes))
    if bytes.starts(with: Array("{\n  \"format\"".utf8)), bytes.count > SnapshotHeader.count {
      check(SnapshotHeader.seal(Array(bytes.dropFirst(SnapshotHeader.count))))
    }
  }

  private static func check(_ file: [UInt8]) {
    guard let snapshot = try? Snapshot.decode(file) else { return }
    let written = snapshot.encode()
    guard let again = try? Snapshot.decode(written) else { broken("what is written can be read") }
    require(again == snapshot, "what is written reads as the same")
    require(again.encode() == written, "writing is stable")
    let table = snapshot.table
    require(table.sources.count == snapshot.sources.count, "every source is in the table")
    require(table.generation == snapshot.generation, "the table is of its file")
    for source in snapshot.sources {
      require(table.index(of: source.name) != nil, "a source is found by its name: \(source.name)")
      for metric in source.listing.custom.prefix(8) {
        let isFound = table.candidates(listing: .custom(metric)).contains { candidate in
          table.source(at: candidate.source).name == source.name
        }
        require(isFound, "who lists a metric may answer for it: \(metric)")
      }
    }
    for index in SnapshotHeader.count..<min(file.count, SnapshotHeader.count + 4) {
      var damaged = file
      damaged[index] ^= 1
      require((try? Snapshot.decode(damaged)) == nil, "a damaged file is rejected")
    }
    require((try? Snapshot.decode(Array(file.dropLast()))) == nil, "a truncated file is rejected")
  }
}
