/// How a message says where its body ends (RFC 9112 §6). Anything that two readers could understand differently is refused.
enum BodyFraming: Equatable {
  case none
  case length(Int)
  case chunked

  init(_ headers: HeaderBlock) throws(MessageError) {
    let lengths = headers.all("content-length")
    let encodings = headers.all("transfer-encoding")
    if encodings.isEmpty {
      guard let only = lengths.first else {
        self = .none
        return
      }
      guard lengths.count == 1, let length = Self.decimal(only) else { throw .conflictingLength }
      self = .length(length)
      return
    }
    guard lengths.isEmpty else { throw .conflictingLength }
    guard encodings.count == 1, headers.list("transfer-encoding", contains: "chunked"), encodings[0].count == 7 else {
      throw .unsupportedTransferEncoding
    }
    self = .chunked
  }

  /// Digits alone, no sign, no list, no overflow.
  private static func decimal(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard !bytes.isEmpty, bytes.count <= 18 else { return nil }
    var value = 0
    for byte in bytes {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }
}
