import Kubernetes
import Telemetry

/// Follows the ConfigMap and the files that say who may speak for users, so that a rotation takes effect without a
/// restart.
struct DelegatedConfigurationWatch: Sendable {
  let client: any APIClient
  let sources: DelegatedConfigurationSources
  let logger: Logger

  /// Runs until its task is cancelled.
  func run() async {
    await withTaskGroup { group in
      group.addTask { await sources.watchFiles() }
      if sources.looksUp { group.addTask { await watchConfigMap() } }
    }
  }

  private func watchConfigMap() async {
    let path = "/api/v1/namespaces/\(DelegatedConfiguration.namespace)/configmaps"
    let watch = ListWatch<ConfigMap>(
      client: client, path: path, fieldSelector: "metadata.name=\(DelegatedConfiguration.name)"
    ) { trouble in logger.warning("watching ConfigMap \(DelegatedConfiguration.name): \(trouble)") }
    for await event in watch.events() {
      switch event {
      case .replaced(let all): sources.replace(all.first.map { $0.data ?? [:] })
      case .applied(let changed): sources.replace(changed.data ?? [:])
      case .deleted: sources.replace(nil)
      }
    }
  }
}
