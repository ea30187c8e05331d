/// The name of a ServiceAccount.
package struct ServiceAccountName: Sendable, Equatable, CustomStringConvertible {
  package let namespace: String
  package let name: String

  /// A reference without a namespace means the one that is `inherited` from the pod or the kubeconfig's context. Throws
  /// where nobody says one.
  package init(namespace: String?, name: String, inherited: String?) throws(ConfigurationError) {
    guard let namespace = namespace.nonEmpty ?? inherited.nonEmpty else {
      throw ConfigurationError(
        "ServiceAccount \(name)", "nobody says in which namespace it is: write NAMESPACE/\(name)")
    }
    self.namespace = namespace
    self.name = name
  }

  package var description: String { "\(namespace)/\(name)" }

  /// Where its tokens are asked for.
  var tokenPath: String {
    "/api/v1/namespaces/\(APIRequest.percentEncoded(namespace))/serviceaccounts/\(APIRequest.percentEncoded(name))/token"
  }
}
