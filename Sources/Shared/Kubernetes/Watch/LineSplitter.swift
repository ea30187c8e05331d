/// Cuts a stream into lines, however it arrives. A value apart from I/O.
struct LineSplitter {
  /// A line was longer than the bound: what follows cannot be understood.
  struct TooLong: Error, Equatable {
    var limit: Int
  }

  let limit: Int
  private var pending: [UInt8] = []

  /// `limit`: the longest line in bytes.
  init(limit: Int = 8 * 1024 * 1024) { self.limit = limit }

  /// The lines that `piece` completes, without their ends; empty ones are left out.
  mutating func lines(of piece: [UInt8]) throws(TooLong) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var rest = piece[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      pending.append(contentsOf: rest[..<end])
      if pending.last == UInt8(ascii: "\r") { pending.removeLast() }
      if !pending.isEmpty { lines.append(pending) }
      pending.removeAll(keepingCapacity: true)
      rest = rest[(end + 1)...]
    }
    pending.append(contentsOf: rest)
    guard pending.count <= limit else { throw TooLong(limit: limit) }
    return lines
  }
}
