import FoundationEssentials

extension Kubeconfig.Merged {
  private var source: String { "kubeconfig \(files.joined(separator: ":"))" }

  /// The cluster and user of the current context.
  func configuration(_ environment: [String: String]) throws(ConfigurationError) -> ClusterConfiguration {
    guard let name = currentContext else { throw ConfigurationError(source, "current-context is not set") }
    guard let context = contexts[name] else { throw ConfigurationError(source, "there is no context \"\(name)\"") }
    let place = "kubeconfig \(context.file), context \"\(name)\""
    guard let clusterName = context.entry.cluster, !clusterName.isEmpty else {
      throw ConfigurationError(place, "cluster is not set")
    }
    guard let cluster = clusters[clusterName] else {
      throw ConfigurationError(place, "there is no cluster \"\(clusterName)\"")
    }
    var configuration = try Self.configuration(cluster, "kubeconfig \(cluster.file), cluster \"\(clusterName)\"")
    configuration.namespace = context.entry.namespace.nonEmpty
    configuration.origin = place
    guard let userName = context.entry.user.nonEmpty else { return configuration }
    guard let user = users[userName] else { throw ConfigurationError(place, "there is no user \"\(userName)\"") }
    configuration.credentials = try Self.credentials(
      user, for: configuration, environment, "kubeconfig \(user.file), user \"\(userName)\"")
    return configuration
  }

  private static func configuration(
    _ cluster: Kubeconfig.Origin<Kubeconfig.Cluster>, _ place: String
  ) throws(ConfigurationError) -> ClusterConfiguration {
    let entry = cluster.entry
    guard var server = entry.server.nonEmpty else { throw ConfigurationError(place, "server is not set") }
    try ClusterConfiguration.checkURL(server, "\(place): server")
    while server.hasSuffix("/") { server.removeLast() }
    let authorities = try pem(
      entry.certificateAuthorityData, "certificate-authority-data",
      entry.certificateAuthority.nonEmpty.map(cluster.path),
      "certificate-authority", place)
    let isInsecure = entry.insecureSkipTLSVerify ?? false
    guard !isInsecure || authorities == nil else {
      throw ConfigurationError(place, "insecure-skip-tls-verify and a certificate authority exclude each other")
    }
    let proxy = entry.proxyURL.nonEmpty
    if let proxy {
      guard ["http://", "https://", "socks5://", "socks5h://"].contains(where: { proxy.hasPrefix($0) }) else {
        throw ConfigurationError("\(place): proxy-url", "must begin with http://, https:// or socks5://")
      }
    }
    return ClusterConfiguration(
      server: server, certificateAuthorities: authorities, insecureSkipTLSVerify: isInsecure,
      tlsServerName: entry.tlsServerName.nonEmpty, proxyURL: proxy)
  }

  /// Data wins over a file, as in kubectl.
  static func pem(
    _ data: String?, _ dataField: String, _ path: String?, _ pathField: String, _ place: String
  ) throws(ConfigurationError) -> PEMSource? {
    if let data = data.nonEmpty {
      let source = "\(place): \(dataField)"
      guard let bytes = Data(base64Encoded: data.filter { !$0.isWhitespace }) else {
        throw ConfigurationError(source, "is not base64")
      }
      let pem = PEMSource.data(Array(bytes))
      try pem.check(source)
      return pem
    }
    guard let path else { return nil }
    let pem = PEMSource.file(RereadFile(path))
    do {
      try pem.check(path)
    } catch {
      throw ConfigurationError("\(place): \(pathField)", "\(error)")
    }
    return pem
  }
}

extension Optional<String> {
  /// kubeconfig writers leave empty strings for what is not set.
  var nonEmpty: String? { flatMap { $0.isEmpty ? nil : $0 } }
}
