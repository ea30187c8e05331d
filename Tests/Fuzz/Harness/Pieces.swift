/// Cuts an input as a network might. The cuts depend on the input's bytes alone, so that seeds are plain text and every
/// failure comes again.
struct Pieces {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  init(of input: UnsafeRawBufferPointer) {
    for byte in input { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  /// Below `bound`, which is not 0. The generator of S. Vigna's SplitMix64.
  mutating func number(below bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }

  /// Where pieces of an input of `count` bytes end, the last one with the input: mostly short ones, now and then a long one.
  mutating func ends(of count: Int) -> [Int] {
    var ends: [Int] = []
    var end = 0
    while end < count {
      end = min(count, end + 1 + number(below: number(below: 4) == 0 ? 512 : 24))
      ends.append(end)
    }
    return ends
  }
}
