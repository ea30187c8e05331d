import COpenSSL

/// SHA-256 (FIPS 180-4) of several pieces, as 64 lower-case hexadecimal digits.
package enum SHA256Digest {
  static let digitCount = 64

  /// Looked up once: OpenSSL 3 would otherwise search its providers at every digest.
  // Sound: made once, and never changed or freed.
  nonisolated(unsafe) private static let algorithm: OpaquePointer? = {
    openssl_shim_prepare()
    return EVP_MD_fetch(nil, "SHA256", nil)
  }()

  /// Nil when OpenSSL cannot compute it: out of memory, or SHA-256 disabled by its configuration.
  package static func hexadecimal(_ pieces: ArraySlice<UInt8>...) -> [UInt8]? {
    guard let algorithm, let context = EVP_MD_CTX_new() else { return nil }
    defer { EVP_MD_CTX_free(context) }
    guard EVP_DigestInit_ex(context, algorithm, nil) == 1 else { return nil }
    for piece in pieces {
      let updated = piece.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
      guard updated == 1 else { return nil }
    }
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    guard EVP_DigestFinal_ex(context, &digest, &length) == 1, length == digitCount / 2 else { return nil }
    return [UInt8](unsafeUninitializedCapacity: digitCount) { buffer, count in
      for byte in digest.prefix(Int(length)) {
        buffer[count] = digit(byte >> 4)
        buffer[count + 1] = digit(byte & 15)
        count += 2
      }
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
