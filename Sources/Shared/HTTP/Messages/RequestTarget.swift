/// Where a request's path and query lie. Only the origin form, and the `*` of OPTIONS: what a proxy would be sent is refused
/// (RFC 9112 §3.2, RFC 9113 §8.3.1).
struct RequestTarget {
  var path: Range<Int>
  var query: Range<Int>
  var isAsterisk: Bool

  /// `range` holds the whole target. Nil for bytes that no target has: space, control characters, `#`, beyond ASCII.
  init?<Bytes: RandomAccessCollection<UInt8>>(_ bytes: Bytes, _ range: Range<Int>) where Bytes.Index == Int {
    guard let first = range.first else { return nil }
    var queryStart: Int?
    for index in range {
      let byte = bytes[index]
      guard byte > 0x20, byte < 0x7f, byte != UInt8(ascii: "#") else { return nil }
      if byte == UInt8(ascii: "?"), queryStart == nil { queryStart = index + 1 }
    }
    isAsterisk = range.count == 1 && bytes[first] == UInt8(ascii: "*")
    guard isAsterisk || bytes[first] == UInt8(ascii: "/") else { return nil }
    path = range.lowerBound..<(queryStart.map { $0 - 1 } ?? range.upperBound)
    query = (queryStart ?? range.upperBound)..<range.upperBound
  }
}
