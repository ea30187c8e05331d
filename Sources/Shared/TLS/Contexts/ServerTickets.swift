internal import COpenSSL

/// Session tickets of a server: each context encrypts its own by keys that OpenSSL made for it, so that connections of all
/// threads that share the context can be resumed, and those of an earlier context cannot. Nothing is kept here.
enum ServerTickets {
  /// Seconds for which a ticket may be used.
  private static let lifetime = 7200

  static func configure(_ context: OpaquePointer) {
    let name: [UInt8] = Array("metrics-router".utf8)
    SSL_CTX_set_session_id_context(context, name, UInt32(name.count))
    _ = openssl_shim_set_session_cache_mode(context, Int(SSL_SESS_CACHE_OFF))
    _ = SSL_CTX_set_timeout(context, lifetime)
    // One is enough for clients that use each once: the connection that it resumes brings the next.
    SSL_CTX_set_num_tickets(context, 1)
    // A request in early data could be sent again by anybody who saw it.
    SSL_CTX_set_max_early_data(context, 0)
    SSL_CTX_set_session_ticket_cb(context, nil, decide, nil)
  }

  /// No ticket to a client that shows a certificate, where the protocol permits that: see ``decide``.
  static func withhold(_ connection: OpaquePointer) { SSL_set_num_tickets(connection, 0) }

  /// A session holds the client's certificate without its intermediates: it could not be verified again. TLS 1.2 promises
  /// the ticket before it sees the certificate, so such tickets exist, and are taken for none when they come back.
  private static let decide: SSL_CTX_decrypt_session_ticket_fn = { _, session, _, _, status, _ in
    switch status {
    case SSL_TICKET_SUCCESS, SSL_TICKET_SUCCESS_RENEW:
      guard let session, SSL_SESSION_get0_peer(session) == nil else { return SSL_TICKET_RETURN_IGNORE }
      return status == SSL_TICKET_SUCCESS ? SSL_TICKET_RETURN_USE : SSL_TICKET_RETURN_USE_RENEW
    default: return SSL_TICKET_RETURN_IGNORE_RENEW
    }
  }
}
