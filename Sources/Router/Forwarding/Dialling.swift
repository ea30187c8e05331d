import HTTP
import Options
import Routing
import TLS

/// How a source's Service becomes an address to dial: through cluster DNS, or where `--connect-to` says.
struct Dialling: Sendable {
  /// What a source without `caBundle` is verified by.
  let defaultAuthorities: BackendAuthorities
  var connectTo: [ConnectTo]
  /// Whether a Service may lead out of the cluster, as those of type ExternalName do.
  var allowsExternalNames = false
  /// What is offered by ALPN; nothing means HTTP/1.1.
  var protocols: [String] = []

  /// `defaultAuthority` is PEM.
  init(
    defaultAuthority: [UInt8]?, connectTo: [ConnectTo], allowsExternalNames: Bool = false, protocols: [String] = []
  ) {
    defaultAuthorities = BackendAuthorities(pem: defaultAuthority)
    self.connectTo = connectTo
    self.allowsExternalNames = allowsExternalNames
    self.protocols = protocols
  }

  func address(of source: RoutedSource) throws(TLSError) -> BackendAddress {
    let backend = source.backend
    var context: TLSClientContext?
    if backend.scheme == .https {
      let trust: TLSClientContext.Trust =
        if source.tls.insecureSkipTLSVerify {
          .anyone
        } else if let bundle = source.tls.caBundle {
          .bundle(Array(bundle.utf8))
        } else if let authorities = defaultAuthorities.current.pem {
          .bundle(authorities)
        } else {
          .system
        }
      context = try TLSClientContext(
        trust: trust, serverName: source.tls.serverName, protocols: protocols)
    }
    let port = UInt16(clamping: backend.port)
    let origin = BackendAddress.Origin.service(allowsAliases: allowsExternalNames)
    guard let rule = connectTo.first(where: { $0.matches(host: backend.host, port: port) }) else {
      return BackendAddress(host: backend.host, port: port, from: origin, tls: context)
    }
    // A rule that changes the port alone leaves the host as the resource has it.
    return BackendAddress(
      host: rule.targetHost ?? backend.host, port: rule.targetPort ?? port,
      from: rule.targetHost == nil ? origin : .flag, tls: context)
  }

  /// Which of the default authorities `source` is verified by now; nil where it is by its own, or not at all.
  func authoritiesVersion(of source: RoutedSource) -> Int? {
    guard source.backend.scheme == .https, !source.tls.insecureSkipTLSVerify, source.tls.caBundle == nil else {
      return nil
    }
    return defaultAuthorities.current.number
  }
}
