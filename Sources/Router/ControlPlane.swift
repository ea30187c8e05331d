import Kubernetes
import Options
import Telemetry

/// The way to the API server.
struct ControlPlane: Sendable {
  var configuration: ClusterConfiguration
  var client: KubernetesClient
  var transport: CurlTransport

  /// Nil where none is needed: everybody is let in, and no kubeconfig was named.
  static func connect(_ options: RouterOptions, _ logger: Logger) throws(StartError) -> ControlPlane? {
    if options.anonymousAuth {
      logger.warning(
        "--anonymous-auth: EVERY CALLER IS LET IN, without authentication and authorization. Never use it in a cluster."
      )
      if options.kubeconfig == nil { return nil }
    }
    let configuration: ClusterConfiguration
    do throws(ConfigurationError) {
      configuration = try ClusterConfiguration.load(
        kubeconfigFlag: options.kubeconfig, environment: Environment.variables())
    } catch {
      throw StartError("\(error)")
    }
    do throws(TransportError) {
      let transport = try CurlTransport()
      return ControlPlane(
        configuration: configuration,
        client: KubernetesClient(configuration, transport: transport, userAgent: SharedState.userAgent),
        transport: transport)
    } catch {
      throw StartError("\(error)")
    }
  }
}
