internal import COpenSSL

/// How a server speaks TLS: its certificate, versions, and that it asks for, but does not yet judge, a client's certificate.
// Sound: an SSL_CTX is not changed after init, and OpenSSL locks what its connections share.
package final class TLSServerContext: @unchecked Sendable {
  package enum Version: Int32, Sendable {
    case tls12 = 0x0303
    case tls13 = 0x0304
  }

  let pointer: OpaquePointer
  private let protocols: ProtocolList

  /// `protocols` are those that are spoken, in the server's order of preference (ALPN, RFC 7301). `cipherSuites` are those
  /// of TLS 1.2, whatever their order; without any, TLS 1.2 is not spoken. Throws where a protocol's name is empty or over
  /// 255 bytes, or OpenSSL objects to the certificate.
  package init(
    certificate: ServingCertificate, minimumVersion: Version = .tls12, protocols: [String] = ["http/1.1"],
    cipherSuites: [CipherSuite] = CipherSuite.allCases
  ) throws(TLSError) {
    self.protocols = try ProtocolList(protocols)
    pointer = try ContextSettings.makeContext(
      TLS_server_method(), minimumVersion: minimumVersion, suites: cipherSuites)
    guard SSL_CTX_use_certificate(pointer, certificate.chain[0].pointer) == 1,
      SSL_CTX_use_PrivateKey(pointer, certificate.key) == 1
    else { throw TLSError.fromQueue(.material, "use the serving certificate") }
    for intermediate in certificate.chain.dropFirst() {
      _ = openssl_shim_add_chain_certificate(pointer, intermediate.pointer)
    }
    SSL_CTX_set_options(pointer, openssl_shim_server_options)
    // Any certificate passes the handshake: which authority counts depends on the request (front proxy or user) and
    // may change while the connection lives.
    SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
    SSL_CTX_set_cert_verify_callback(
      pointer,
      { store, _ in
        let index = SSL_get_ex_data_X509_STORE_CTX_idx()
        if let connection = X509_STORE_CTX_get_ex_data(store, index) {
          ServerTickets.withhold(OpaquePointer(connection))
        }
        return 1
      }, nil)
    ServerTickets.configure(pointer)
    SSL_CTX_set_alpn_select_cb(
      pointer,
      { _, selected, length, offered, offeredLength, argument in
        guard let argument, let selected, let length, let offered else { return SSL_TLSEXT_ERR_NOACK }
        let context = Unmanaged<TLSServerContext>.fromOpaque(argument).takeUnretainedValue()
        var chosen: UnsafeMutablePointer<UInt8>?
        let outcome = context.protocols.wire.withUnsafeBufferPointer {
          SSL_select_next_proto(&chosen, length, $0.baseAddress, UInt32($0.count), offered, offeredLength)
        }
        // Nothing in common: carry on without ALPN, as Go's server does for HTTP/1.1 clients that offer other names.
        guard outcome == OPENSSL_NPN_NEGOTIATED, let chosen else { return SSL_TLSEXT_ERR_NOACK }
        // `chosen` points into one of the two lists, both of which outlive the handshake step.
        selected.pointee = UnsafePointer(chosen)
        return SSL_TLSEXT_ERR_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit { SSL_CTX_free(pointer) }
}
