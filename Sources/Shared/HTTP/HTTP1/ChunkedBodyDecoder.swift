/// Takes a chunked body apart (RFC 9112 §7.1), apart from I/O. Extensions and trailers are read over and dropped, within
/// a bound; line ends are CR LF.
struct ChunkedBodyDecoder {
  private enum State {
    case size(value: Int, digits: Int)
    case extensions(value: Int)
    case sizeLineFeed(value: Int)
    case data(left: Int)
    case dataCarriageReturn
    case dataLineFeed
    case trailerLineStart
    case trailerLine
    case trailerLineFeed
    case lastLineFeed
    case done
  }

  /// For extensions and trailers together.
  private static let overheadLimit = 16 * 1024

  private var state = State.size(value: 0, digits: 0)
  private var overhead = 0
  let limit: Int
  private(set) var isComplete = false

  /// `limit`: the largest body in bytes.
  init(limit: Int) { self.limit = limit }

  /// Appends what `bytes` holds of the body to `body`; returns how many bytes it took. Stops behind the last chunk.
  mutating func decode(_ bytes: UnsafeRawBufferPointer, into body: inout [UInt8]) throws(MessageError) -> Int {
    var index = 0
    while index < bytes.count, !isComplete {
      if case .data(let left) = state {
        let take = min(left, bytes.count - index)
        body.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[index..<(index + take)]))
        index += take
        state = left == take ? .dataCarriageReturn : .data(left: left - take)
        continue
      }
      try step(bytes[index], bodyCount: body.count)
      index += 1
    }
    return index
  }

  private mutating func step(_ byte: UInt8, bodyCount: Int) throws(MessageError) {
    switch state {
    case .size(let value, let digits):
      if let digit = Self.hexadecimal(byte) {
        guard digits < 15 else { throw .malformedChunk }
        state = .size(value: value * 16 + digit, digits: digits + 1)
      } else if digits > 0, byte == 0x0d {
        state = .sizeLineFeed(value: value)
      } else if digits > 0, byte == UInt8(ascii: ";") {
        state = .extensions(value: value)
      } else {
        throw .malformedChunk
      }
    case .extensions(let value):
      try countOverhead()
      if byte == 0x0d {
        state = .sizeLineFeed(value: value)
      } else if byte < 0x20 && byte != 0x09 || byte == 0x7f {
        throw .malformedChunk
      }
    case .sizeLineFeed(let value):
      guard byte == 0x0a else { throw .malformedChunk }
      guard value <= limit - bodyCount else { throw .bodyTooLarge(limit: limit) }
      state = value == 0 ? .trailerLineStart : .data(left: value)
    case .dataCarriageReturn:
      guard byte == 0x0d else { throw .malformedChunk }
      state = .dataLineFeed
    case .dataLineFeed:
      guard byte == 0x0a else { throw .malformedChunk }
      state = .size(value: 0, digits: 0)
    case .trailerLineStart:
      try countOverhead()
      guard byte != 0x0a else { throw .malformedChunk }
      state = byte == 0x0d ? .lastLineFeed : .trailerLine
    case .trailerLine:
      try countOverhead()
      guard byte != 0x0a else { throw .malformedChunk }
      if byte == 0x0d { state = .trailerLineFeed }
    case .trailerLineFeed:
      guard byte == 0x0a else { throw .malformedChunk }
      state = .trailerLineStart
    case .lastLineFeed:
      guard byte == 0x0a else { throw .malformedChunk }
      state = .done
      isComplete = true
    case .data, .done:
      throw .malformedChunk
    }
  }

  private mutating func countOverhead() throws(MessageError) {
    overhead += 1
    guard overhead <= Self.overheadLimit else { throw .malformedChunk }
  }

  private static func hexadecimal(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 0x30
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte) - 0x61 + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte) - 0x41 + 10
    default: nil
    }
  }
}
