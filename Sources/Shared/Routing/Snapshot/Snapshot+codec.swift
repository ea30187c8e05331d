extension Snapshot {
  package static let formatVersion = 1
  /// 256 MiB.
  package static let maximumLength = 256 << 20

  /// The bytes of the file, the same for the same snapshot.
  package func encode() -> [UInt8] {
    SnapshotHeader.seal(SnapshotWriter.body(of: self))
  }

  /// Reads a file, whole or not at all: its length and digest are checked before anything else is read.
  package static func decode(_ bytes: [UInt8]) throws(SnapshotError) -> Snapshot {
    guard bytes.count <= maximumLength else { throw .tooLarge(length: bytes.count) }
    try SnapshotHeader.verify(bytes)
    return try SnapshotParser.snapshot(bytes)
  }
}
