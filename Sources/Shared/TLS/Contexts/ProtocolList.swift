/// Protocol names for ALPN in one side's order of preference, as they travel: each behind its length (RFC 7301 §3.1).
struct ProtocolList: Sendable, Equatable {
  let wire: [UInt8]

  /// Throws for a name that is empty or longer than 255 bytes: its length would not fit into the one byte for it.
  init(_ names: [String]) throws(TLSError) {
    var wire: [UInt8] = []
    for name in names {
      guard let length = UInt8(exactly: name.utf8.count), length > 0 else {
        throw TLSError(.material, "offer the protocol \"\(name)\"", "a protocol name has 1 to 255 bytes")
      }
      wire.append(length)
      wire.append(contentsOf: name.utf8)
    }
    self.wire = wire
  }

  var isEmpty: Bool { wire.isEmpty }
}
