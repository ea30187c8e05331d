/// Memory that the connections of one loop need for a moment, each in its turn: the few blocks that are in use at once
/// stay in the processor's caches, and a connection that waits holds none. Belongs to the thread of its loop.
package final class MemoryBlocks {
  /// In bytes: a TLS record at most, so that one read takes a whole one.
  package static let size = 16 * 1024 + 256
  /// Blocks that nobody uses, and that are kept for the next one.
  private static let limit = 16

  private var unused: [UnsafeMutableRawBufferPointer] = []

  init() {}

  deinit { for block in unused { block.deallocate() } }

  /// ``size`` bytes, of any content.
  package func take() -> UnsafeMutableRawBufferPointer {
    unused.popLast() ?? .allocate(byteCount: Self.size, alignment: 16)
  }

  /// Takes a block back, or frees memory of another size that took the place of one.
  package func give(back block: UnsafeMutableRawBufferPointer) {
    if block.count == Self.size, unused.count < Self.limit { unused.append(block) } else { block.deallocate() }
  }
}
