/// Bytes received and not yet used, in memory that a connection keeps: filled at the end, used up from the front.
final class ReceiveBuffer {
  private var memory: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0

  /// A TLS record at most, so that one read takes a whole one.
  static let initialCapacity = 16 * 1024 + 256

  init() { memory = .allocate(byteCount: Self.initialCapacity, alignment: 16) }

  deinit { memory.deallocate() }

  var isEmpty: Bool { start == end }
  var unread: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<end]) }

  /// Room for at least one more byte; what is unread moves to the front, and the memory doubles only when it is full.
  func room() -> UnsafeMutableRawBufferPointer {
    if start == end {
      start = 0
      end = 0
    } else if end == memory.count {
      if start > 0 {
        memory.copyMemory(from: unread)
        end -= start
        start = 0
      } else {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: memory.count * 2, alignment: 16)
        larger.copyMemory(from: unread)
        memory.deallocate()
        memory = larger
      }
    }
    return UnsafeMutableRawBufferPointer(rebasing: memory[end...])
  }

  func received(_ count: Int) { end += count }
  func use(_ count: Int) { start += count }
}
