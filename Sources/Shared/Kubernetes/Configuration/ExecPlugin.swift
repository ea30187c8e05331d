import FoundationEssentials
import YAML

/// How to run a kubeconfig's credential plugin. It never gets a terminal.
struct ExecPlugin: Sendable {
  static let apiVersions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]

  /// For messages: the kubeconfig, user and command.
  let source: String
  var deadline = Duration.seconds(60)
  private let apiVersion: String
  private let command: [String]
  private let environment: [String: String]
  private let installHint: String?

  init(
    _ exec: Kubeconfig.Exec, command: String, cluster: ClusterConfiguration, environment: [String: String],
    source: String
  ) throws(ConfigurationError) {
    guard let apiVersion = exec.apiVersion, Self.apiVersions.contains(apiVersion) else {
      throw ConfigurationError(
        source, "apiVersion \(exec.apiVersion ?? "(not set)") is not one of \(Self.apiVersions.joined(separator: ", "))"
      )
    }
    guard exec.interactiveMode != "Always" else {
      throw ConfigurationError(source, "wants a terminal (interactiveMode Always), and there is none")
    }
    self.source = source
    self.apiVersion = apiVersion
    self.command = [command] + (exec.args ?? [])
    installHint = exec.installHint
    var environment = environment
    for variable in exec.env ?? [] { environment[variable.name] = variable.value }
    environment["KUBERNETES_EXEC_INFO"] = String(
      decoding: try Self.info(apiVersion, exec.provideClusterInfo == true ? cluster : nil).json(), as: UTF8.self)
    self.environment = environment
  }

  func run() async -> Result<ExecCredential, ConfigurationError> {
    do throws(ConfigurationError) {
      let output = try await Subprocess.run(command, environment: environment, deadline: deadline, source: source)
      guard output.status == 0 else {
        let hint = installHint.map { " (\($0))" } ?? ""
        throw ConfigurationError(source, "\(output.failure)\(output.status == 127 ? hint : "")")
      }
      return .success(try ExecCredential(output.standardOutput, apiVersion: apiVersion, source: source))
    } catch {
      return .failure(error)
    }
  }

  /// The ExecCredential a plugin finds in `KUBERNETES_EXEC_INFO`.
  private static func info(
    _ apiVersion: String, _ cluster: ClusterConfiguration?
  ) throws(ConfigurationError) -> YAMLValue {
    var spec: [(String, YAMLValue)] = []
    if let cluster {
      var fields: [(String, YAMLValue)] = [("server", .string(cluster.server))]
      if let name = cluster.tlsServerName { fields.append(("tls-server-name", .string(name))) }
      if cluster.insecureSkipTLSVerify { fields.append(("insecure-skip-tls-verify", .bool(true))) }
      if let authorities = try cluster.certificateAuthorities?.bytes() {
        fields.append(("certificate-authority-data", .string(Data(authorities).base64EncodedString())))
      }
      if let proxy = cluster.proxyURL { fields.append(("proxy-url", .string(proxy))) }
      spec.append(("cluster", .mapping(YAMLMapping(fields))))
    }
    spec.append(("interactive", .bool(false)))
    return .mapping(
      YAMLMapping([
        ("kind", .string("ExecCredential")), ("apiVersion", .string(apiVersion)), ("spec", .mapping(YAMLMapping(spec))),
      ]))
  }
}
