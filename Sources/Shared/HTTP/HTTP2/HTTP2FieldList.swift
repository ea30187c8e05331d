internal import CNghttp2

/// A field section to be sent, in the form in which nghttp2 takes it: names in lower case, one memory for all of them.
struct HTTP2FieldList {
  private struct Entry {
    var name: Range<Int>
    var value: Range<Int>
    var flags: UInt8
  }

  private var bytes: [UInt8] = []
  private var entries: [Entry] = []

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }

  /// `isIndexed`: whether the peer's table may remember it. Not for secrets, nor for what is never the same twice.
  mutating func append(
    _ name: some Sequence<UInt8>, _ value: some Sequence<UInt8>, isIndexed: Bool = true
  ) {
    let start = bytes.count
    for byte in name { bytes.append(byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) }
    let middle = bytes.count
    bytes.append(contentsOf: value)
    let flags = isIndexed ? NGHTTP2_NV_FLAG_NONE : NGHTTP2_NV_FLAG_NO_INDEX
    entries.append(Entry(name: start..<middle, value: middle..<bytes.count, flags: UInt8(flags.rawValue)))
  }

  mutating func append(_ name: StaticString, _ value: some Sequence<UInt8>, isIndexed: Bool = true) {
    append(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), value, isIndexed: isIndexed)
  }

  mutating func append(_ name: StaticString, decimal value: Int) {
    append(name, String(value).utf8)
  }

  /// Lends the list to `body`, during which nghttp2 copies it.
  func withPairs<Result>(_ body: (UnsafePointer<nghttp2_nv>, Int) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { memory in
      // nghttp2 declares them mutable, and only reads them.
      let base = UnsafeMutablePointer(mutating: memory.baseAddress)
      let pairs = entries.map { entry in
        nghttp2_nv(
          name: base.map { $0 + entry.name.lowerBound }, value: base.map { $0 + entry.value.lowerBound },
          namelen: entry.name.count, valuelen: entry.value.count, flags: entry.flags)
      }
      return pairs.withUnsafeBufferPointer { list in
        guard let first = list.baseAddress else { preconditionFailure("a field section has pseudo-header fields") }
        return body(first, list.count)
      }
    }
  }
}
