import Kubernetes
import Options

/// The ways to the API servers that review tokens and access: that of the server itself, unless flags name others.
struct DelegatedClients: Sendable {
  let authentication: KubernetesClient
  let authorization: KubernetesClient

  /// Over the transport of `control`. Throws for a kubeconfig that cannot be used.
  static func connect(
    _ options: AuthenticationOptions, _ control: ControlPlane
  ) throws(StartError) -> DelegatedClients {
    DelegatedClients(
      authentication: try client(options.authenticationKubeconfig, "--authentication-kubeconfig", control),
      authorization: try client(options.authorizationKubeconfig, "--authorization-kubeconfig", control))
  }

  private static func client(
    _ kubeconfig: String?, _ flag: String, _ control: ControlPlane
  ) throws(StartError) -> KubernetesClient {
    guard let kubeconfig else { return control.client }
    do throws(ConfigurationError) {
      let configuration = try ClusterConfiguration.load(
        kubeconfigFlag: kubeconfig, environment: Environment.variables())
      return KubernetesClient(configuration, transport: control.transport, userAgent: SharedState.userAgent)
    } catch {
      throw StartError("\(flag): \(error)")
    }
  }
}
