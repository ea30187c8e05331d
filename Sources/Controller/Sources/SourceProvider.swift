import Kubernetes

/// Where MetricsSources come from: an API server, or a folder.
protocol SourceProvider: Sendable {
  /// What there is, then what changes, until the reader's task ends.
  func events() -> AsyncStream<WatchEvent<MetricsSource>>
}

/// The MetricsSources of a cluster.
struct ClusterSources: SourceProvider {
  let client: any APIClient
  let group: String
  let onTrouble: @Sendable (String) -> Void

  func events() -> AsyncStream<WatchEvent<MetricsSource>> {
    let path = "/apis/\(group)/\(MetricsSource.version)/\(MetricsSource.plural)"
    return ListWatch<MetricsSource>(client: client, path: path, onTrouble: onTrouble).events()
  }
}
