internal import COpenSSL

/// An X.509 certificate.
// Sound: an X509 is not changed after it was parsed, and its reference count is atomic.
package final class Certificate: @unchecked Sendable {
  let pointer: OpaquePointer

  /// Takes over one reference.
  init(owning pointer: OpaquePointer) { self.pointer = pointer }

  deinit { X509_free(pointer) }

  /// The certificates of a PEM text in their order; other blocks are skipped. Throws where there is none, or a broken one.
  package static func parse(pem: [UInt8], name: String) throws(TLSError) -> [Certificate] {
    openssl_shim_prepare()
    guard let bio = BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else {
      throw TLSError.fromQueue(.material, "read \(name)")
    }
    defer { BIO_free(bio) }
    var certificates: [Certificate] = []
    // No passphrase: without a callback OpenSSL would ask on the terminal for that of an encrypted block.
    while let pointer = PEM_read_bio_X509(bio, nil, { _, _, _, _ in -1 }, nil) {
      certificates.append(Certificate(owning: pointer))
    }
    let error = ERR_peek_last_error()
    // "no start line" is how OpenSSL says that the text is at its end.
    let isAtEnd = error & 0x7fffff == UInt(PEM_R_NO_START_LINE)
    guard isAtEnd, !certificates.isEmpty else {
      let cause = TLSError.fromQueue(.material, "read \(name)")
      throw certificates.isEmpty && isAtEnd ? TLSError(.material, "read \(name)", "no PEM certificate in it") : cause
    }
    ERR_clear_error()
    return certificates
  }

  /// The last common name of the subject, as Go's `pkix.Name.CommonName`; empty where there is none.
  package var commonName: String { subjectValues(NID_commonName).last ?? "" }

  /// The subject's organizations: the groups of a Kubernetes user.
  package var organizations: [String] { subjectValues(NID_organizationName) }

  /// Seconds from now to the end of validity; negative once expired.
  package var secondsToExpiry: Int {
    var days: Int32 = 0
    var seconds: Int32 = 0
    guard ASN1_TIME_diff(&days, &seconds, nil, X509_get0_notAfter(pointer)) == 1 else { return -1 }
    return Int(days) * 86_400 + Int(seconds)
  }

  private func subjectValues(_ identifier: Int32) -> [String] {
    guard let subject = X509_get_subject_name(pointer) else { return [] }
    var values: [String] = []
    var index = X509_NAME_get_index_by_NID(subject, identifier, -1)
    while index >= 0 {
      if let entry = X509_NAME_get_entry(subject, index), let data = X509_NAME_ENTRY_get_data(entry) {
        var utf8: UnsafeMutablePointer<UInt8>?
        let length = ASN1_STRING_to_UTF8(&utf8, data)
        if length >= 0, let utf8 {
          values.append(String(decoding: UnsafeBufferPointer(start: utf8, count: Int(length)), as: UTF8.self))
          CRYPTO_free(utf8, #file, #line)
        }
      }
      index = X509_NAME_get_index_by_NID(subject, identifier, index)
    }
    return values
  }
}
