/// How bytes compare: what Kubernetes and Go go by where they compare strings. Eight at a time, since names of metrics
/// often differ only behind a long prefix.
enum ByteOrder {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  static func areEqual(_ left: Bytes, _ right: Bytes) -> Bool {
    left.count == right.count && commonPrefix(left, right) == left.count
  }

  /// Below zero where `left` goes first, zero where both are equal.
  static func compare(_ left: Bytes, _ right: Bytes) -> Int {
    let common = commonPrefix(left, right)
    guard common < left.count, common < right.count else { return left.count - right.count }
    return Int(left[common]) - Int(right[common])
  }

  static func commonPrefix(_ left: Bytes, _ right: Bytes) -> Int {
    let count = min(left.count, right.count)
    let (first, second) = (UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
    var offset = 0
    while offset + 8 <= count {
      let difference =
        first.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        ^ second.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      if difference != 0 { return offset + UInt64(littleEndian: difference).trailingZeroBitCount / 8 }
      offset += 8
    }
    while offset < count, left[offset] == right[offset] { offset += 1 }
    return offset
  }
}
