import EventLoop

/// Bytes received and not yet used: filled at the end, used up from the front. Holds memory only while there are any, of
/// the blocks that the connections of one loop take in turns.
final class ReceiveBuffer {
  private let blocks: MemoryBlocks
  private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var start = 0
  private var end = 0

  init(loop: EventLoop) { blocks = loop.blocks }

  // Not given back: who drops a connection need not be on its loop.
  deinit { memory.deallocate() }

  var isEmpty: Bool { start == end }
  var unread: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<end]) }

  /// Room for at least one more byte; what is unread moves to the front, and the memory doubles only when it is full.
  func room() -> UnsafeMutableRawBufferPointer {
    if memory.baseAddress == nil {
      memory = blocks.take()
    } else if end == memory.count {
      if start > 0 {
        memory.copyMemory(from: unread)
        end -= start
        start = 0
      } else {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: memory.count * 2, alignment: 16)
        larger.copyMemory(from: unread)
        blocks.give(back: memory)
        memory = larger
      }
    }
    return UnsafeMutableRawBufferPointer(rebasing: memory[end...])
  }

  func received(_ count: Int) { end += count }

  /// Drops the first `count` bytes; where none are left, the memory too.
  func use(_ count: Int) {
    start += count
    guard isEmpty else { return }
    blocks.give(back: memory)
    memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    start = 0
    end = 0
  }
}
