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

  /// The beginning of validity, in seconds since 1970; the latest of all times where it cannot be told.
  package var notBefore: Int64 { Self.secondsSinceEpoch(X509_get0_notBefore(pointer)) ?? .max }

  /// The end of validity, in seconds since 1970; the earliest of all times where it cannot be told.
  package var notAfter: Int64 { Self.secondsSinceEpoch(X509_get0_notAfter(pointer)) ?? .min }

  private static func secondsSinceEpoch(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
    var days: Int32 = 0
    var seconds: Int32 = 0
    guard let epoch = ASN1_TIME_set(nil, 0) else { return nil }
    defer { ASN1_STRING_free(epoch) }
    guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
    return Int64(days) * 86_400 + Int64(seconds)
  }

  /// The certificate as PEM.
  package var pem: [UInt8] {
    get throws(TLSError) { try PEMText.certificate(pointer) }
  }

  /// Whether it may sign others: by its basic constraints and its key usage.
  package var isAuthority: Bool { X509_check_ca(pointer) == 1 }

  /// Whether `authority` has signed it.
  package func isSigned(by authority: Certificate) -> Bool {
    defer { ERR_clear_error() }
    return X509_check_issued(authority.pointer, pointer) == X509_V_OK
      && X509_verify(pointer, X509_get0_pubkey(authority.pointer)) == 1
  }

  /// The DNS names in subjectAltName, in their order.
  package var dnsNames: [String] {
    guard let list = X509_get_ext_d2i(pointer, NID_subject_alt_name, nil, nil) else { return [] }
    let names = OpaquePointer(list)
    defer { GENERAL_NAMES_free(names) }
    return (0..<openssl_shim_sk_general_name_count(names)).compactMap { index in
      guard let name = openssl_shim_sk_general_name_value(names, index), name.pointee.type == GEN_DNS,
        let text = name.pointee.d.dNSName
      else { return nil }
      let bytes = UnsafeBufferPointer(start: ASN1_STRING_get0_data(text), count: Int(ASN1_STRING_length(text)))
      return String(decoding: bytes, as: UTF8.self)
    }
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

/// The same bytes.
extension Certificate: Hashable {
  package static func == (left: Certificate, right: Certificate) -> Bool { X509_cmp(left.pointer, right.pointer) == 0 }

  package func hash(into hasher: inout Hasher) { hasher.combine(X509_subject_name_hash(pointer)) }
}

extension Sequence<Certificate> {
  /// All of them as PEM, one after another.
  package var pem: [UInt8] {
    get throws(TLSError) {
      var pem: [UInt8] = []
      for certificate in self { pem += try certificate.pem }
      return pem
    }
  }
}
