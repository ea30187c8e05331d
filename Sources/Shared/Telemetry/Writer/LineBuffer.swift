/// Lines that wait to be written, bounded in bytes. Once it is full, lines are counted and dropped until it is drained,
/// so that the report of the loss stands exactly where the lines are missing.
struct LineBuffer {
  let capacity: Int
  private var bytes: [UInt8] = []
  private var lost = 0

  /// - Parameter capacity: In bytes.
  init(capacity: Int) {
    self.capacity = capacity
  }

  var isEmpty: Bool { bytes.isEmpty && lost == 0 }

  mutating func append(_ line: [UInt8]) {
    guard lost == 0, bytes.count + line.count <= capacity else {
      lost += 1
      return
    }
    bytes.append(contentsOf: line)
  }

  /// Everything that waited, and how many lines were dropped after it.
  mutating func drain() -> (bytes: [UInt8], lost: Int) {
    defer {
      bytes = []
      lost = 0
    }
    return (bytes, lost)
  }
}
