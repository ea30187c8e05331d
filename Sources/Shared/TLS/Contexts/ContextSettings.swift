internal import COpenSSL

/// What both sides set: modern versions and suites, buffers given back between records, one read per record.
enum ContextSettings {
  /// For key agreement, as Go offers them. OpenSSL's own list goes on with finite fields, of which one exchange with
  /// ffdhe8192 costs a server as much as a hundred of these.
  private static let groups = "X25519:P-256:P-384:P-521"

  /// `suites` are those of TLS 1.2; of TLS 1.3 there are only good ones. Without any, TLS 1.2 is not spoken.
  static func makeContext(
    _ method: OpaquePointer?, minimumVersion: TLSServerContext.Version, suites: [CipherSuite] = CipherSuite.allCases
  ) throws(TLSError) -> OpaquePointer {
    openssl_shim_prepare()
    guard let context = SSL_CTX_new(method) else { throw TLSError.fromQueue(.material, "create a TLS context") }
    let version = suites.isEmpty ? .tls13 : minimumVersion
    let names = CipherSuite.allCases.filter { suites.contains($0) }.map(\.openSSLName).joined(separator: ":")
    guard openssl_shim_set_min_proto_version(context, version.rawValue) == 1,
      names.isEmpty || SSL_CTX_set_cipher_list(context, names) == 1,
      openssl_shim_set_groups(context, groups) == 1
    else {
      SSL_CTX_free(context)
      throw TLSError.fromQueue(.material, "create a TLS context")
    }
    _ = openssl_shim_set_mode(
      context,
      Int(SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS))
    SSL_CTX_set_options(context, openssl_shim_connection_options)
    // Takes the header and the body of a record in one system call.
    openssl_shim_set_read_ahead(context, 1)
    return context
  }
}
