import HTTP

/// What a request is called in logs, to the backend and back: the caller's `Audit-Id` where it has one, which
/// kube-apiserver's own audit log shows too, else one made up (`k8s.io/apiserver/pkg/endpoints/filters/audit_init.go`).
enum RequestID {
  /// In bytes: a UUID and as much again. It stands in every log line, and is the caller's to choose.
  private static let maximumLength = 64

  static func of(_ headers: HeaderBlock, from generator: inout some RandomNumberGenerator) -> String {
    if let given = headers.first("audit-id"), !given.isEmpty, given.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) {
      return String(decoding: given.prefix(maximumLength), as: UTF8.self)
    }
    return make(from: &generator)
  }

  /// A UUID of version 4 (RFC 9562 §5.4).
  static func make(from generator: inout some RandomNumberGenerator) -> String {
    let (first, second): (UInt64, UInt64) = (generator.next(), generator.next())
    let high = first & ~0xF000 | 0x4000
    let low = second & ~(0xC000 << 48) | 0x8000 << 48
    return String(unsafeUninitializedCapacity: 36) { text in
      var position = 0
      for index in 0..<32 {
        if index == 8 || index == 12 || index == 16 || index == 20 {
          text[position] = UInt8(ascii: "-")
          position += 1
        }
        let word = index < 16 ? high : low
        let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - index % 16 * 4) & 0xF)
        text[position] = digit < 10 ? digit + UInt8(ascii: "0") : digit - 10 + UInt8(ascii: "a")
        position += 1
      }
      return 36
    }
  }
}
