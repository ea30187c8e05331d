import EventLoop

/// How much of what has arrived on one connection is read in a row: a peer that sends faster than it is read would
/// otherwise never let the other connections of its event loop have theirs.
struct ReadingTurn {
  /// Reads, each of a TLS record at most.
  static let length = 4

  private var reads = 0
  private var turn: MonotonicTime?

  /// Counts a read. True where others are to have their turn first: too many within one turn of `loop`.
  mutating func isOver(on loop: EventLoop) -> Bool {
    if turn != loop.now {
      turn = loop.now
      reads = 0
    }
    reads += 1
    return reads >= Self.length
  }

  /// Lets the loop look at its sockets and timers once.
  static func pass(on loop: EventLoop) async { await loop.sleep(until: loop.now) }
}
