internal import COpenSSL

/// A certificate chain with the private key that belongs to its first certificate.
// Sound: neither the chain nor the key changes after init; OpenSSL's reference counts are atomic.
package final class ServingCertificate: @unchecked Sendable {
  let chain: [Certificate]
  let key: OpaquePointer

  private init(chain: [Certificate], owningKey key: OpaquePointer) {
    self.chain = chain
    self.key = key
  }

  deinit { EVP_PKEY_free(key) }

  /// Reads PEM. Throws where the two do not belong together, so that a half-replaced pair of files is never served.
  package convenience init(certificatePEM: [UInt8], keyPEM: [UInt8], name: String) throws(TLSError) {
    let chain = try Certificate.parse(pem: certificatePEM, name: name)
    guard let bio = BIO_new_mem_buf(keyPEM, Int32(clamping: keyPEM.count)) else {
      throw TLSError.fromQueue(.material, "read the key of \(name)")
    }
    defer { BIO_free(bio) }
    // An empty passphrase: without a callback OpenSSL would ask on the terminal for that of an encrypted key.
    var empty: [CChar] = [0]
    guard let key = PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in 0 }, &empty) else {
      throw TLSError.fromQueue(.material, "read the key of \(name)")
    }
    guard X509_check_private_key(chain[0].pointer, key) == 1 else {
      EVP_PKEY_free(key)
      ERR_clear_error()
      throw TLSError(.material, "read \(name)", "the private key does not belong to the certificate")
    }
    self.init(chain: chain, owningKey: key)
  }

  package var secondsToExpiry: Int { chain[0].secondsToExpiry }

  /// A fresh P-256 key with a certificate that it signs itself, valid from an hour ago for `days`.
  ///
  /// `names` are DNS names and IP addresses for subjectAltName; the first one becomes the common name.
  package static func selfSigned(names: [String], days: Int) throws(TLSError) -> ServingCertificate {
    let operation = "make a self-signed certificate"
    openssl_shim_prepare()
    guard let key = openssl_shim_generate_p256_key(), let certificate = X509_new() else {
      throw TLSError.fromQueue(.material, operation)
    }
    let result = ServingCertificate(chain: [Certificate(owning: certificate)], owningKey: key)
    var serial: UInt64 = 0
    withUnsafeMutableBytes(of: &serial) { bytes in
      _ = RAND_bytes(bytes.bindMemory(to: UInt8.self).baseAddress, Int32(bytes.count))
    }
    X509_set_version(certificate, 2)
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1)
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600)
    X509_gmtime_adj(X509_getm_notAfter(certificate), days * 86_400)
    X509_set_pubkey(certificate, key)
    let subject = X509_get_subject_name(certificate)
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, names.first ?? "metrics-router", -1, -1, 0)
    X509_set_issuer_name(certificate, subject)
    let alternatives = names.map { isAddress($0) ? "IP:\($0)" : "DNS:\($0)" }.joined(separator: ",")
    for (identifier, value) in [
      (NID_subject_alt_name, alternatives), (NID_ext_key_usage, "serverAuth"),
      (NID_key_usage, "critical,digitalSignature"), (NID_basic_constraints, "critical,CA:FALSE"),
    ] {
      guard let field = X509V3_EXT_conf_nid(nil, nil, identifier, value) else {
        throw TLSError.fromQueue(.material, "\(operation) with \(value)")
      }
      X509_add_ext(certificate, field, -1)
      X509_EXTENSION_free(field)
    }
    guard X509_sign(certificate, key, EVP_sha256()) > 0 else { throw TLSError.fromQueue(.material, operation) }
    return result
  }

  private static func isAddress(_ name: String) -> Bool {
    guard let octets = a2i_IPADDRESS(name) else {
      ERR_clear_error()
      return false
    }
    ASN1_OCTET_STRING_free(octets)
    return true
  }

  /// The certificates as PEM, for an APIService's `caBundle` or a test's trust.
  package var certificatePEM: [UInt8] {
    guard let bio = BIO_new(BIO_s_mem()) else { return [] }
    defer { BIO_free(bio) }
    for certificate in chain { PEM_write_bio_X509(bio, certificate.pointer) }
    var data: UnsafeMutablePointer<CChar>?
    let length = openssl_shim_bio_memory(bio, &data)
    guard let data, length > 0 else { return [] }
    return Array(UnsafeRawBufferPointer(start: data, count: length))
  }
}
