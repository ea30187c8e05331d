import Kubernetes
import Telemetry

/// Follows the ConfigMap that says who may speak for users, so that a rotation takes effect without a restart.
struct DelegatedConfigurationWatch: Sendable {
  let client: any APIClient
  let holder: DelegatedConfigurationHolder
  let readiness: Readiness
  let logger: Logger

  /// Runs until its task is cancelled.
  func run() async {
    let path = "/api/v1/namespaces/\(DelegatedConfiguration.namespace)/configmaps"
    let watch = ListWatch<ConfigMap>(
      client: client, path: path, fieldSelector: "metadata.name=\(DelegatedConfiguration.name)"
    ) { trouble in logger.warning("watching ConfigMap \(DelegatedConfiguration.name): \(trouble)") }
    for await event in watch.events() {
      switch event {
      case .replaced(let all): apply(all.first)
      case .applied(let changed): apply(changed)
      case .deleted: apply(nil)
      }
    }
  }

  private func apply(_ map: ConfigMap?) {
    guard let map else {
      // Its keys are revoked: no certificate speaks for anybody any more. Tokens still do.
      logger.error(
        "ConfigMap \(DelegatedConfiguration.namespace)/\(DelegatedConfiguration.name) is missing: client certificates and the front proxy are not trusted"
      )
      return replace([:])
    }
    replace(map.data ?? [:])
  }

  private func replace(_ data: [String: String]) {
    do throws(DelegatedConfigurationError) {
      holder.replace(try DelegatedConfiguration(data))
      readiness.meet("delegated-authentication")
    } catch {
      logger.error("\(error); the last good configuration stays in force")
    }
  }
}
