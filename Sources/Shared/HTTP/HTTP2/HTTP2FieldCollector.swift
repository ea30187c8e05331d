/// The field section of a received HTTP/2 message while it arrives (RFC 9113 §8): pseudo-header fields apart, the others
/// as a ``HeaderBlock``, bounded. nghttp2 has checked names, values and the order of pseudo-header fields.
struct HTTP2FieldCollector {
  private(set) var block = HeaderBlock()
  private(set) var method: Range<Int>?
  private(set) var path: Range<Int>?
  /// Of a response; 0 before it is known.
  private(set) var status = 0
  /// Whether more arrived than the bound allows; what came after is not kept.
  private(set) var isTooLarge = false
  /// Whether so much more arrived that nobody means it: a few bytes can refer to much that the table holds, and each such
  /// reference costs a look at all of it.
  private(set) var isBomb = false
  private var size = 0

  /// How many times the bound.
  static let bomb = 4
  /// RFC 9113 §6.5.2: what a field counts beside its name and value.
  static let overhead = 32

  init() {
    block.bytes.reserveCapacity(512)
    block.fields.reserveCapacity(12)
  }

  /// Takes a field. `limit` bounds the whole section, as SETTINGS_MAX_HEADER_LIST_SIZE counts it.
  mutating func append(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>, limit: Int) {
    size += name.count + value.count + Self.overhead
    guard size <= limit, !isTooLarge else {
      isTooLarge = true
      isBomb = size > Self.bomb * limit
      return
    }
    guard name.first != UInt8(ascii: ":") else { return appendPseudo(name, value) }
    let nameRange = append(name)
    block.fields.append(HeaderBlock.Field(name: nameRange, value: append(value)))
  }

  private mutating func appendPseudo(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
    switch name.count {
    case 5 where name.elementsEqual(":path".utf8): path = append(value)
    case 7 where name.elementsEqual(":method".utf8): method = append(value)
    case 7 where name.elementsEqual(":status".utf8):
      status = value.reduce(0) { $0 * 10 + Int($1 &- UInt8(ascii: "0")) }
    default: break
    }
  }

  private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    let start = block.bytes.count
    block.bytes.append(contentsOf: bytes)
    return start..<block.bytes.count
  }

  /// The request, or nil where its target is none that a GET could have: CONNECT has no path at all.
  func request(hasBody: Bool) -> RequestHead? {
    guard let method, let path, let target = RequestTarget(block.bytes, path) else { return nil }
    let name = RequestHead.Method(block.bytes[method])
    guard !target.isAsterisk || name == .options else { return nil }
    return RequestHead(
      method: name, version: .http2, headers: block, pathRange: target.path, queryRange: target.query,
      keepsAlive: true, hasBody: hasBody)
  }
}
