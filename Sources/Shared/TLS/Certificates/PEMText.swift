internal import COpenSSL

/// PEM (RFC 7468), written and read by OpenSSL.
enum PEMText {
  static func certificate(_ certificate: OpaquePointer) throws(TLSError) -> [UInt8] {
    try written("write a certificate") { PEM_write_bio_X509($0, certificate) }
  }

  /// PKCS #8 without a passphrase.
  static func privateKey(_ key: OpaquePointer) throws(TLSError) -> [UInt8] {
    try written("write a key") { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
  }

  /// The private key of `certificate`. Throws where there is none, or that of another certificate; what was read is never
  /// part of the message. The caller owns the key.
  static func readKey(_ pem: [UInt8], of certificate: Certificate, name: String) throws(TLSError) -> OpaquePointer {
    guard let bio = BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else {
      throw TLSError.fromQueue(.material, "read the key of \(name)")
    }
    defer { BIO_free(bio) }
    // An empty passphrase: without a callback OpenSSL would ask on the terminal for that of an encrypted key.
    var empty: [CChar] = [0]
    guard let key = PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in 0 }, &empty) else {
      throw TLSError.fromQueue(.material, "read the key of \(name)")
    }
    guard X509_check_private_key(certificate.pointer, key) == 1 else {
      EVP_PKEY_free(key)
      ERR_clear_error()
      throw TLSError(.material, "read \(name)", "the private key does not belong to the certificate")
    }
    return key
  }

  /// Throws where OpenSSL has no memory left: what is empty could be stored in place of a key.
  private static func written(
    _ operation: String, _ write: (OpaquePointer) -> Int32
  ) throws(TLSError) -> [UInt8] {
    guard let bio = BIO_new(BIO_s_mem()) else { throw TLSError.fromQueue(.material, operation) }
    defer { BIO_free(bio) }
    guard write(bio) == 1 else { throw TLSError.fromQueue(.material, operation) }
    var data: UnsafeMutablePointer<CChar>?
    let length = openssl_shim_bio_memory(bio, &data)
    guard let data, length > 0 else { throw TLSError.fromQueue(.material, operation) }
    return Array(UnsafeRawBufferPointer(start: data, count: length))
  }
}
