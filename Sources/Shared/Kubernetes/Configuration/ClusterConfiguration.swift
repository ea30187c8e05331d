/// Where an API server is, whom to trust there, and how to say who one is.
package struct ClusterConfiguration: Sendable, CustomStringConvertible {
  /// `https://host:port` with an optional path, without a slash at the end.
  package var server: String
  /// Nil: the authorities of the system.
  package var certificateAuthorities: PEMSource?
  package var insecureSkipTLSVerify: Bool
  /// The name asked for and checked instead of the server's host.
  package var tlsServerName: String?
  package var proxyURL: String?
  package var credentials: CredentialSource
  /// The namespace of the context, or of the pod; nil where none is said.
  package var namespace: String?
  /// Where this was found, for the log: `kubeconfig /root/.kube/config, context "kind"`.
  package var origin: String

  package init(
    server: String, certificateAuthorities: PEMSource? = nil, insecureSkipTLSVerify: Bool = false,
    tlsServerName: String? = nil, proxyURL: String? = nil, credentials: CredentialSource = .anonymous,
    namespace: String? = nil, origin: String = "given"
  ) {
    self.server = server
    self.certificateAuthorities = certificateAuthorities
    self.insecureSkipTLSVerify = insecureSkipTLSVerify
    self.tlsServerName = tlsServerName
    self.proxyURL = proxyURL
    self.credentials = credentials
    self.namespace = namespace
    self.origin = origin
  }

  package var description: String { "\(server) (\(origin))" }
}
