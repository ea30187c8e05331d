/// How metrics sources are reached and spoken to, by flags that both executables have.
package struct BackendAccess: Sendable {
  package var connectTo: [ConnectTo]
  /// Whether sources may name Services of type ExternalName, which lead out of the cluster.
  package var allowsExternalNames: Bool
  /// PEM; nil takes the cluster's authority, else the system's.
  package var caFile: String?
  /// Nil takes the token of the ServiceAccount or kubeconfig.
  package var tokenFile: String?

  /// Declares the flags. What is returned reads them.
  package static func declare(_ flags: inout FlagSet) -> (ParsedFlags) -> BackendAccess {
    let connectTo = flags.values(
      "connect-to", type: .connectTo,
      "Dial HOST2:PORT2 where HOST1:PORT1 is meant, as curl does; an empty part means any, or the same. Repeatable.")
    let externalNames = flags.bool(
      "allow-external-name-services",
      "Let sources name Services of type ExternalName, whose DNS name is an alias that may lead out of the cluster.")
    let authority = flags.file(
      "backend-ca-file",
      "PEM: whom to trust as a source without caBundle; default: the cluster's CA, else the system's. Read again when"
        + " it changes.")
    let token = flags.file(
      "backend-token-file", "The token to show to sources; default: that of the ServiceAccount or kubeconfig.")
    return { parsed in
      BackendAccess(
        connectTo: parsed[connectTo], allowsExternalNames: parsed[externalNames], caFile: parsed[authority],
        tokenFile: parsed[token])
    }
  }
}
