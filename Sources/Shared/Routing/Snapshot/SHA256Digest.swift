import COpenSSL

/// SHA-256 (FIPS 180-4) of several pieces, as 64 lower-case hexadecimal digits.
enum SHA256Digest {
  static let digitCount = 64

  /// Nil when OpenSSL cannot compute it: out of memory, or SHA-256 disabled by its configuration.
  static func hexadecimal(_ pieces: ArraySlice<UInt8>...) -> [UInt8]? {
    openssl_shim_prepare()
    guard let context = EVP_MD_CTX_new() else { return nil }
    defer { EVP_MD_CTX_free(context) }
    guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else { return nil }
    for piece in pieces {
      let updated = piece.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
      guard updated == 1 else { return nil }
    }
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    guard EVP_DigestFinal_ex(context, &digest, &length) == 1, length == digitCount / 2 else { return nil }
    let digits = Array("0123456789abcdef".utf8)
    return digest.prefix(Int(length)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }
}
