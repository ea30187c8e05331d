internal import COpenSSL

/// Certificate authorities, against which client certificates are verified after the handshake.
// Sound: an X509_STORE is locked inside, and this one is not changed after init.
package final class TrustStore: @unchecked Sendable {
  let pointer: OpaquePointer

  /// Trusts each certificate of `pem`.
  package init(pem: [UInt8], name: String) throws(TLSError) {
    let certificates = try Certificate.parse(pem: pem, name: name)
    guard let store = X509_STORE_new() else { throw TLSError.fromQueue(.material, "trust \(name)") }
    for certificate in certificates { X509_STORE_add_cert(store, certificate.pointer) }
    // Each of them is an anchor, an intermediate without its root too, as in Go's pools.
    X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
    pointer = store
  }

  deinit { X509_STORE_free(pointer) }

  /// Whether the first certificate of `chain` is valid now, meant for clients (extended key usage clientAuth), and
  /// signed, perhaps through the others, by one of the authorities. Nil when it is, else OpenSSL's reason.
  package func reasonToRefuse(clientChain chain: [Certificate]) -> String? {
    guard let leaf = chain.first else { return "no certificate" }
    guard let context = X509_STORE_CTX_new(), let others = openssl_shim_sk_x509_new() else { return "out of memory" }
    defer {
      openssl_shim_sk_x509_free(others)
      X509_STORE_CTX_free(context)
      ERR_clear_error()
    }
    for certificate in chain.dropFirst() { _ = openssl_shim_sk_x509_push(others, certificate.pointer) }
    guard X509_STORE_CTX_init(context, pointer, leaf.pointer, others) == 1 else { return "cannot start verification" }
    X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_CLIENT)
    // 80 bits: neither SHA-1 and MD5 signatures nor RSA keys below 1024 bits, as in Go.
    X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context), 1)
    guard X509_verify_cert(context) == 1 else {
      return String(cString: X509_verify_cert_error_string(Int(X509_STORE_CTX_get_error(context))))
    }
    // A certificate without the extension passes OpenSSL's purpose check but not Go's ExtKeyUsageClientAuth.
    guard X509_get_extended_key_usage(leaf.pointer) & UInt32(XKU_SSL_CLIENT | XKU_ANYEKU) != 0 else {
      return "certificate is not for client authentication"
    }
    return X509_get_extension_flags(leaf.pointer) & UInt32(EXFLAG_XKUSAGE) != 0
      ? nil : "certificate has no extended key usage clientAuth"
  }
}
