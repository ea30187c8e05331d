package import TLS

/// Where a pool's connections go and how they are secured.
package struct BackendAddress: Sendable {
  /// Who chose the host, and so what it may lead to.
  package enum Origin: Sendable, Equatable {
    /// Whoever runs the process: it is dialled as it is.
    case flag
    /// A resource that names a Service. The address that is about to be dialled, of each connection anew, must be one that
    /// a Service may have. `allowsAliases` has the name lead out of the cluster, as a Service of type ExternalName does.
    case service(allowsAliases: Bool)
  }

  /// What is dialled: a name or an address.
  package var host: String
  package var port: UInt16
  package var origin: Origin
  /// Nil speaks plain HTTP.
  package var tls: TLSClientContext?

  package init(host: String, port: UInt16, from origin: Origin, tls: TLSClientContext?) {
    self.host = host
    self.port = port
    self.origin = origin
    self.tls = tls
  }
}
