internal import COpenSSL

/// What a certificate is to say, before it is signed.
struct CertificateDraft {
  private static let operation = "make a certificate"
  /// Of a common name (RFC 5280, appendix A.1: ub-common-name).
  private static let longestName = 64

  /// Empty for none.
  var commonName: String
  /// Seconds since 1970.
  var notBefore: Int64
  var notAfter: Int64
  /// As OpenSSL's configuration spells them.
  var extensions: [(identifier: Int32, value: String)]

  /// For a server of these DNS names and IP addresses, the first of which becomes the common name where it is short enough.
  static func serving(names: [String], from: Int64, until: Int64) -> CertificateDraft {
    let alternatives = names.map { isAddress($0) ? "IP:\($0)" : "DNS:\($0)" }.joined(separator: ",")
    let first = names.first ?? "metrics-router"
    let commonName = first.utf8.count <= longestName ? first : ""
    return CertificateDraft(
      commonName: commonName, notBefore: from, notAfter: until,
      extensions: [
        // Critical where there is no other name (RFC 5280, section 4.2.1.6).
        (NID_subject_alt_name, commonName.isEmpty ? "critical,\(alternatives)" : alternatives),
        (NID_ext_key_usage, "serverAuth"),
        (NID_key_usage, "critical,digitalSignature"), (NID_basic_constraints, "critical,CA:FALSE"),
      ])
  }

  /// For one that signs certificates of servers, and no other authorities.
  static func authority(_ commonName: String, from: Int64, until: Int64) -> CertificateDraft {
    CertificateDraft(
      commonName: commonName, notBefore: from, notAfter: until,
      extensions: [
        (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"), (NID_key_usage, "critical,keyCertSign"),
        (NID_subject_key_identifier, "hash"),
      ])
  }

  /// ECDSA on P-256. The caller owns it.
  static func freshKey() throws(TLSError) -> OpaquePointer {
    openssl_shim_prepare()
    guard let key = openssl_shim_generate_p256_key() else { throw TLSError.fromQueue(.material, "make a key") }
    return key
  }

  /// The certificate for `key`, signed by `issuer`, or by `key` itself where that is nil.
  func signed(_ key: OpaquePointer, by issuer: CertificateAuthority?) throws(TLSError) -> Certificate {
    openssl_shim_prepare()
    guard let pointer = X509_new() else { throw TLSError.fromQueue(.material, Self.operation) }
    let certificate = Certificate(owning: pointer)
    // 63 random bits, positive, of which RFC 5280, section 4.1.2.2, allows up to 20 octets.
    var serial: UInt64 = 0
    let isRandom = withUnsafeMutableBytes(of: &serial) { bytes in
      RAND_bytes(bytes.bindMemory(to: UInt8.self).baseAddress, Int32(bytes.count)) == 1
    }
    guard isRandom else { throw TLSError.fromQueue(.material, Self.operation) }
    let subject = X509_get_subject_name(pointer)
    let isSet =
      X509_set_version(pointer, 2) == 1
      && ASN1_INTEGER_set_uint64(X509_get_serialNumber(pointer), serial >> 1) == 1
      && ASN1_TIME_set(X509_getm_notBefore(pointer), Int(notBefore)) != nil
      && ASN1_TIME_set(X509_getm_notAfter(pointer), Int(notAfter)) != nil
      && X509_set_pubkey(pointer, key) == 1
      && (commonName.isEmpty
        || X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, commonName, -1, -1, 0) == 1)
      && X509_set_issuer_name(pointer, issuer.map { X509_get_subject_name($0.certificate.pointer) } ?? subject) == 1
    guard isSet else { throw TLSError.fromQueue(.material, Self.operation) }
    for (identifier, value) in extensions { try add(identifier, value, to: pointer, issuer: pointer) }
    // Tells two authorities of one name apart.
    if let issuer { try add(NID_authority_key_identifier, "keyid", to: pointer, issuer: issuer.certificate.pointer) }
    guard X509_sign(pointer, issuer?.key ?? key, EVP_sha256()) > 0 else {
      throw TLSError.fromQueue(.material, Self.operation)
    }
    return certificate
  }

  private func add(
    _ identifier: Int32, _ value: String, to certificate: OpaquePointer, issuer: OpaquePointer
  ) throws(TLSError) {
    var context = X509V3_CTX()
    X509V3_set_ctx(&context, issuer, certificate, nil, nil, 0)
    guard let field = X509V3_EXT_conf_nid(nil, &context, identifier, value) else {
      throw TLSError.fromQueue(.material, "\(Self.operation) with \(value)")
    }
    defer { X509_EXTENSION_free(field) }
    guard X509_add_ext(certificate, field, -1) == 1 else {
      throw TLSError.fromQueue(.material, "\(Self.operation) with \(value)")
    }
  }

  private static func isAddress(_ name: String) -> Bool {
    guard let octets = a2i_IPADDRESS(name) else {
      ERR_clear_error()
      return false
    }
    ASN1_OCTET_STRING_free(octets)
    return true
  }
}
