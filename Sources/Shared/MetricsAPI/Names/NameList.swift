/// Names in one run of bytes, each four bytes larger than the name itself: a million strings are a million allocations, and
/// as many to free when a table is replaced.
package struct NameList: Hashable, Sendable {
  private var bytes: [UInt8] = []
  /// Where each name ends, and the next one starts.
  private var ends: [UInt32] = []

  package init() {}

  /// Without room for more: what is kept for long should not hold what it does not need.
  init(reserving count: Int, bytes byteCount: Int) {
    ends.reserveCapacity(count)
    bytes.reserveCapacity(byteCount)
  }

  package var count: Int { ends.count }

  /// Of all names together, at most 4 GiB.
  package var byteCount: Int { bytes.count }

  package mutating func append(_ name: String) {
    bytes.append(contentsOf: name.utf8)
    ends.append(UInt32(bytes.count))
  }

  /// `name` is valid UTF-8.
  package mutating func append(_ name: ArraySlice<UInt8>) {
    bytes.append(contentsOf: name)
    ends.append(UInt32(bytes.count))
  }

  package subscript(_ index: Int) -> String { String(decoding: utf8(at: index), as: UTF8.self) }

  package func utf8(at index: Int) -> ArraySlice<UInt8> { bytes[range(at: index)] }

  /// Of names that are in the order of bytes, the last one that is `text` or goes before it; -1 where there is none.
  package func last(upTo text: String) -> Int {
    text.withBytes { text in (0..<count).firstPosition { compare($0, text) > 0 } - 1 }
  }

  /// Whether `text` begins with the name at `index`.
  package func isPrefix(_ index: Int, of text: String) -> Bool {
    text.withBytes { text in withBytes(at: index) { ByteOrder.commonPrefix($0, text) == $0.count } }
  }

  /// Below zero where the name at `index` goes before `text` in the order of bytes, zero where they are the same.
  func compare(_ index: Int, _ text: UnsafeBufferPointer<UInt8>) -> Int {
    withBytes(at: index) { ByteOrder.compare($0, text) }
  }

  func compare(_ index: Int, _ other: NameList, _ otherIndex: Int) -> Int {
    other.withBytes(at: otherIndex) { compare(index, $0) }
  }

  func isEqual(_ index: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    withBytes(at: index) { ByteOrder.areEqual($0, text) }
  }

  func withBytes<Result>(at index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let range = range(at: index)
    return bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
  }

  private func range(at index: Int) -> Range<Int> {
    (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
  }
}
