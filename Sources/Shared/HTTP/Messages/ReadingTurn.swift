/// How much of what has arrived on one connection is read in a row: a peer that sends faster than it is read would
/// otherwise never let the other connections of its event loop have theirs.
struct ReadingTurn {
  /// Reads, each of a TLS record at most.
  static let length = 4

  private var reads = 0

  /// Counts a read. True where others are to have their turn first.
  mutating func isOver() -> Bool {
    reads += 1
    guard reads >= Self.length else { return false }
    reads = 0
    return true
  }
}
