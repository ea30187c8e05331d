extension Kubeconfig.Merged {
  /// How the user is known to the server: a token (file first), a user name with password, a plugin; and, beside any
  /// of them, a client certificate.
  static func credentials(
    _ user: Kubeconfig.Origin<Kubeconfig.User>, for cluster: ClusterConfiguration, _ environment: [String: String],
    _ place: String
  ) throws(ConfigurationError) -> CredentialSource {
    let entry = user.entry
    guard entry.authProvider == nil else {
      throw ConfigurationError("\(place): auth-provider", "is not supported; use an exec plugin")
    }
    guard entry.impersonated.nonEmpty == nil else {
      throw ConfigurationError("\(place): as", "impersonation is not supported")
    }
    return CredentialSource(
      try method(user, for: cluster, environment, place), certificate: try certificate(user, place))
  }

  private static func certificate(
    _ user: Kubeconfig.Origin<Kubeconfig.User>, _ place: String
  ) throws(ConfigurationError) -> CredentialSource.Certificate? {
    let entry = user.entry
    let chain = try pem(
      entry.clientCertificateData, "client-certificate-data", entry.clientCertificate.nonEmpty.map(user.path),
      "client-certificate", place)
    let key = try pem(
      entry.clientKeyData, "client-key-data", entry.clientKey.nonEmpty.map(user.path), "client-key", place)
    switch (chain, key) {
    case (nil, nil): return nil
    case (let chain?, let key?): return CredentialSource.Certificate(chain: chain, key: key)
    case (_?, nil): throw ConfigurationError(place, "client-certificate is set but client-key is not")
    case (nil, _?): throw ConfigurationError(place, "client-key is set but client-certificate is not")
    }
  }

  private static func method(
    _ user: Kubeconfig.Origin<Kubeconfig.User>, for cluster: ClusterConfiguration, _ environment: [String: String],
    _ place: String
  ) throws(ConfigurationError) -> CredentialSource.Method {
    let entry = user.entry
    let hasToken = entry.token.nonEmpty != nil || entry.tokenFile.nonEmpty != nil
    if let name = entry.username.nonEmpty {
      guard !hasToken else { throw ConfigurationError(place, "username and token exclude each other") }
      return .basic(username: name, password: entry.password ?? "")
    }
    if let path = entry.tokenFile.nonEmpty.map(user.path) {
      let file = RereadFile(path)
      do {
        _ = try file.content()
        return .tokenFile(file)
      } catch {
        guard entry.token.nonEmpty == nil else { return .token(entry.token ?? "") }
        throw ConfigurationError("\(place): tokenFile", "\(error)")
      }
    }
    if let token = entry.token.nonEmpty { return .token(token) }
    guard let exec = entry.exec else { return .none }
    let plugin = try ExecPlugin(
      exec, command: exec.command.contains("/") ? user.path(exec.command) : exec.command, cluster: cluster,
      environment: environment, source: "\(place): exec \(exec.command)")
    return .exec(ExecCredentialCache(plugin))
  }
}
