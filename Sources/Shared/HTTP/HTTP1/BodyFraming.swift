/// How a message says where its body ends (RFC 9112 §6). Anything that two readers could understand differently is refused.
enum BodyFraming: Equatable {
  case none
  case length(Int)
  case chunked

  init(_ headers: HeaderBlock) throws(MessageError) {
    let length = headers.first("content-length")
    guard let encoding = headers.first("transfer-encoding") else {
      guard let length else {
        self = .none
        return
      }
      guard headers.count(of: "content-length") == 1, let bytes = Self.decimal(length) else { throw .conflictingLength }
      self = .length(bytes)
      return
    }
    guard length == nil else { throw .conflictingLength }
    guard headers.count(of: "transfer-encoding") == 1, headers.list("transfer-encoding", contains: "chunked"),
      encoding.count == 7
    else { throw .unsupportedTransferEncoding }
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
