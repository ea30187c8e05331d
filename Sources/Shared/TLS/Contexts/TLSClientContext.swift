internal import COpenSSL

/// How one backend is spoken to over TLS: whom to trust and by which name it must be known.
// Sound: an SSL_CTX is not changed after init, and OpenSSL locks what its connections share.
package final class TLSClientContext: @unchecked Sendable {
  package enum Trust: Sendable, Equatable {
    /// Only the authorities of this PEM text.
    case bundle([UInt8])
    /// The authorities that the system trusts.
    case system
    /// Anybody: what `insecureSkipTLSVerify` asks for.
    case anyone
  }

  let pointer: OpaquePointer
  let serverName: String
  let verifies: Bool
  let sessions = ClientSessions()

  /// `serverName` is sent as SNI and, unless `trust` is ``Trust/anyone``, must be a name of the certificate. `protocols` are
  /// offered by ALPN in this order (RFC 7301); none: nothing is offered. What the server chose of them is
  /// ``ByteStream/negotiatedProtocol``. Throws where the trust is no PEM, or a protocol's name is empty or over 255 bytes.
  package init(trust: Trust, serverName: String, protocols: [String] = []) throws(TLSError) {
    self.serverName = serverName
    verifies = trust != .anyone
    let offered = try ProtocolList(protocols)
    pointer = try ContextSettings.makeContext(TLS_client_method(), minimumVersion: .tls12)
    // Unlike its siblings this one returns 0 where it succeeds.
    if !offered.isEmpty, SSL_CTX_set_alpn_protos(pointer, offered.wire, UInt32(offered.wire.count)) != 0 {
      throw TLSError.fromQueue(.material, "offer the protocols \(protocols)")
    }
    keepSessions()
    switch trust {
    case .anyone: SSL_CTX_set_verify(pointer, SSL_VERIFY_NONE, nil)
    case .system:
      SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
      SSL_CTX_set_default_verify_paths(pointer)
    case .bundle(let pem):
      SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
      let store = SSL_CTX_get_cert_store(pointer)
      for certificate in try Certificate.parse(pem: pem, name: "the CA bundle for \(serverName)") {
        X509_STORE_add_cert(store, certificate.pointer)
      }
      // An intermediate or self-signed serving certificate may be trusted by itself, as Go does.
      X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
    }
  }

  /// Has OpenSSL hand over each session that a server offers: in TLS 1.3 that is after the handshake.
  private func keepSessions() {
    _ = openssl_shim_set_session_cache_mode(
      pointer, Int(SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL))
    SSL_CTX_set_ex_data(pointer, 0, Unmanaged.passUnretained(self).toOpaque())
    SSL_CTX_sess_set_new_cb(pointer) { connection, session in
      // The connection keeps the context alive.
      if let session, let pointer = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), 0),
        let copy = ClientSession(copying: session)
      {
        Unmanaged<TLSClientContext>.fromOpaque(pointer).takeUnretainedValue().sessions.keep(copy)
      }
      // The reference to `session` itself is not taken over.
      return 0
    }
  }

  deinit { SSL_CTX_free(pointer) }
}
