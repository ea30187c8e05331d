import Glibc

extension ClusterConfiguration {
  /// Where kubelet mounts a pod's own credentials.
  package static let serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

  /// Finds the API server: the file of the flag, else those of `KUBECONFIG`, else the cluster this pod runs in, else
  /// `$HOME/.kube/config`. Throws an error that names the file, context, user and field, or everything that was tried.
  package static func load(
    kubeconfigFlag: String?, environment: [String: String], serviceAccountFolder: String = serviceAccountFolder
  ) throws(ConfigurationError) -> ClusterConfiguration {
    if let path = kubeconfigFlag, !path.isEmpty {
      return try Kubeconfig.Merged(reading: [path], skipsMissing: false).configuration(environment)
    }
    let listed = (environment["KUBECONFIG"] ?? "").split(separator: ":").map(String.init)
    if !listed.isEmpty { return try Kubeconfig.Merged(reading: listed, skipsMissing: true).configuration(environment) }
    if let inside = try inCluster(environment, folder: serviceAccountFolder) { return inside }
    if let home = environment["HOME"], !home.isEmpty {
      let path = home + "/.kube/config"
      if access(path, F_OK) == 0 {
        return try Kubeconfig.Merged(reading: [path], skipsMissing: false).configuration(environment)
      }
    }
    throw ConfigurationError(
      "no API server is configured",
      "give --kubeconfig, set KUBECONFIG, write $HOME/.kube/config, or run in a pod with a ServiceAccount token"
        + " (KUBERNETES_SERVICE_HOST and \(serviceAccountFolder)/token)")
  }

  /// The cluster around this pod; nil where this is no pod, or one without a token.
  static func inCluster(
    _ environment: [String: String], folder: String
  ) throws(ConfigurationError) -> ClusterConfiguration? {
    guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
      let port = environment["KUBERNETES_SERVICE_PORT"], !port.isEmpty,
      access(folder + "/token", F_OK) == 0
    else { return nil }
    let server = "https://\(ConnectTarget.bracketed(host)):\(port)"
    try checkURL(server, "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT")
    let authorities = PEMSource.file(RereadFile(folder + "/ca.crt"))
    try authorities.check(folder + "/ca.crt")
    let token = RereadFile(folder + "/token")
    _ = try token.content()
    let namespace = (try? RereadFile.read(folder + "/namespace")).map { String(decoding: $0, as: UTF8.self) }
    return ClusterConfiguration(
      server: server, certificateAuthorities: authorities, credentials: CredentialSource(.tokenFile(token)),
      namespace: namespace?.trimmedWhitespace, origin: "in cluster")
  }

  static func checkURL(_ url: String, _ source: String) throws(ConfigurationError) {
    do throws(InvalidURL) {
      let parts = try URLParts(url)
      guard parts.rest.allSatisfy({ $0 != "?" && $0 != "#" }) else { throw InvalidURL(problem: "it has a query") }
    } catch {
      throw ConfigurationError(source, "is not a usable URL: \(error.problem)")
    }
  }
}

extension String {
  /// Without line ends and blanks at both ends, which editors and `echo` leave in files.
  var trimmedWhitespace: String {
    guard let end = lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(self[...end].drop { $0.isWhitespace })
  }
}
