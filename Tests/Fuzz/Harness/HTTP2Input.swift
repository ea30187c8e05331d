/// Frames of HTTP/2 (RFC 9113 §4) made of an input, so that lengths and field sections are mostly whole.
///
/// Records follow one another: type, flags, stream, length, then as many bytes of payload. The types `h` and `c` are HEADERS
/// and CONTINUATION whose payload is written as lines, `:path /x`. After an `R` everything is bytes as they are.
enum HTTP2Input {
  private static let headers: UInt8 = 1
  private static let settings: UInt8 = 4
  private static let continuation: UInt8 = 9
  private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  /// What a client sends.
  static func client(_ input: UnsafeRawBufferPointer) -> [UInt8] { preface + server(input) }

  /// What a server sends.
  static func server(_ input: UnsafeRawBufferPointer) -> [UInt8] {
    var rest = input[...]
    if rest.first == UInt8(ascii: "R") { return Array(rest.dropFirst()) }
    var bytes = frame(settings, flags: 0, stream: 0, [])
    while rest.count >= 4 {
      let head = Array(rest.prefix(4))
      let payload = Array(rest.dropFirst(4).prefix(Int(head[3])))
      rest = rest.dropFirst(4 + payload.count)
      switch head[0] {
      case UInt8(ascii: "h"): bytes += frame(headers, flags: head[1], stream: head[2], fields(payload))
      case UInt8(ascii: "c"): bytes += frame(continuation, flags: head[1], stream: head[2], fields(payload))
      default: bytes += frame(head[0] & 0x0f, flags: head[1], stream: head[2], payload)
      }
    }
    return bytes
  }

  private static func frame(_ type: UInt8, flags: UInt8, stream: UInt8, _ payload: [UInt8]) -> [UInt8] {
    [
      UInt8(payload.count >> 16), UInt8(payload.count >> 8 & 255), UInt8(payload.count & 255), type, flags, 0, 0, 0,
      stream,
    ]
      + payload
  }

  /// Literal fields without Huffman coding (RFC 7541 §6.2), every other one to be remembered by the receiver.
  private static func fields(_ text: [UInt8]) -> [UInt8] {
    var block: [UInt8] = []
    for line in text.split(separator: 0x0a) {
      let parts = line.split(separator: 0x20, maxSplits: 1, omittingEmptySubsequences: false)
      let (name, value) = (parts[0].prefix(126), parts.count > 1 ? parts[1].prefix(126) : [])
      block.append(value.count & 1 == 0 ? 0x00 : 0x40)
      block += [UInt8(name.count)] + name + [UInt8(value.count)] + value
    }
    return block
  }
}
