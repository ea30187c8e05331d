/// How metrics sources are reached and spoken to, by flags that both executables have.
package struct BackendAccess: Sendable {
  package var connectTo: [ConnectTo]
  /// Whether sources may name Services of type ExternalName, which lead out of the cluster.
  package var allowsExternalNames: Bool
  /// PEM; nil takes the cluster's authority, else the system's.
  package var caFile: String?
  /// Whose token sources are shown, where that is not the process' own account. Nil where ``tokenFile`` is given.
  package var account: AccountReference?
  /// Nil takes the token of ``account``, else that of the pod's ServiceAccount or kubeconfig.
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
    // By the environment too, so that what is run in a container beside the server shows no other token.
    let account = flags.value(
      "backend-service-account", type: .account, environment: "METRICS_ROUTER_BACKEND_SERVICE_ACCOUNT",
      "Show sources tokens of this ServiceAccount, which the API server is asked for and which are kept in memory alone;"
        + " default: no other than the process' own. Its namespace is that of the pod or kubeconfig unless given.")
    let token = flags.file(
      "backend-token-file",
      "The token to show to sources, whatever --backend-service-account says; default: that of the pod's ServiceAccount or"
        + " kubeconfig.")
    return { parsed in
      BackendAccess(
        connectTo: parsed[connectTo], allowsExternalNames: parsed[externalNames], caFile: parsed[authority],
        account: parsed[token] == nil ? parsed[account] : nil, tokenFile: parsed[token])
    }
  }
}
