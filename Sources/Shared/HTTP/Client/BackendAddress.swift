package import TLS

/// Where a pool's connections go and how they are secured.
package struct BackendAddress: Sendable {
  /// What is dialled: a name or an address.
  package var host: String
  package var port: UInt16
  /// Nil speaks plain HTTP.
  package var tls: TLSClientContext?

  package init(host: String, port: UInt16, tls: TLSClientContext?) {
    self.host = host
    self.port = port
    self.tls = tls
  }
}
