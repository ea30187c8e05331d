/// Frames of HTTP/2 as bytes, honest or not (RFC 9113 §4.1, §6).
struct Frame {
  enum Kind: UInt8 {
    case data, headers, priority, reset, settings, pushPromise, ping, goAway, windowUpdate, continuation
  }

  static let endStream: UInt8 = 0x1
  static let endHeaders: UInt8 = 0x4
  static let acknowledgement: UInt8 = 0x1
  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  var bytes: [UInt8]

  init(_ kind: Kind, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
    self.init(type: kind.rawValue, flags: flags, stream: stream, payload)
  }

  init(type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
    bytes = [UInt8(payload.count >> 16 & 0xff), UInt8(payload.count >> 8 & 0xff), UInt8(payload.count & 0xff)]
    bytes += [type, flags] + Self.word(stream) + payload
  }

  static func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

  static func settings(_ entries: [(UInt16, UInt32)] = []) -> [UInt8] {
    Frame(.settings, entries.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 0xff)] + word($0.1) }).bytes
  }

  /// A whole field section in one frame.
  static func headers(
    _ stream: UInt32, _ fields: [(String, String)], endStream: Bool = true
  ) -> [UInt8] {
    Frame(.headers, flags: endHeaders | (endStream ? Self.endStream : 0), stream: stream, encode(fields)).bytes
  }

  static func get(_ stream: UInt32, _ path: String = "/") -> [UInt8] { headers(stream, request(path)) }

  static func request(_ path: String) -> [(String, String)] {
    [(":method", "GET"), (":scheme", "https"), (":authority", "router"), (":path", path)]
  }

  static func data(_ stream: UInt32, _ text: String, endStream: Bool = true) -> [UInt8] {
    Frame(.data, flags: endStream ? Self.endStream : 0, stream: stream, Array(text.utf8)).bytes
  }

  static func reset(_ stream: UInt32, _ code: UInt32) -> [UInt8] { Frame(.reset, stream: stream, word(code)).bytes }
  static func goAway(last: UInt32, _ code: UInt32 = 0) -> [UInt8] { Frame(.goAway, word(last) + word(code)).bytes }

  /// Literals without indexing and without Huffman coding (RFC 7541 §6.2.2).
  static func encode(_ fields: [(String, String)]) -> [UInt8] {
    fields.flatMap { [0x00] + string($0.0) + string($0.1) }
  }

  private static func string(_ text: String) -> [UInt8] { integer(text.utf8.count, prefix: 7) + Array(text.utf8) }

  /// RFC 7541 §5.1, the bits above the prefix being zero.
  static func integer(_ value: Int, prefix: Int) -> [UInt8] {
    let most = 1 << prefix - 1
    guard value >= most else { return [UInt8(value)] }
    var bytes = [UInt8(most)]
    var rest = value - most
    while rest >= 128 {
      bytes.append(UInt8(rest % 128 + 128))
      rest /= 128
    }
    return bytes + [UInt8(rest)]
  }

  /// Cuts received bytes into whole frames, behind the preface if there is one; what is left over is dropped.
  static func cut(_ bytes: [UInt8]) -> [(type: UInt8, flags: UInt8, stream: UInt32, payload: [UInt8])] {
    var frames: [(type: UInt8, flags: UInt8, stream: UInt32, payload: [UInt8])] = []
    var rest = bytes.starts(with: preface) ? bytes.dropFirst(preface.count) : bytes[...]
    while rest.count >= 9 {
      let head = Array(rest.prefix(9))
      let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
      guard rest.count >= 9 + length else { break }
      let stream = head[5...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
      frames.append((head[3], head[4], stream, Array(rest.dropFirst(9).prefix(length))))
      rest = rest.dropFirst(9 + length)
    }
    return frames
  }
}
