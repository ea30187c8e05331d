import MetricsAPI
import Routing

/// Sources whose names of metrics are as long as those of real adapters, all of them different.
struct SampleTable {
  let metricCount: Int
  let sourceCount: Int
  let claimCount: Int

  private static let resources = ["deployments.apps", "pods", "services"]

  /// Of each four metrics, three are custom ones and one is external.
  func key(_ metric: Int) -> MetricKey {
    let name = "team_\(metric % sourceCount)_requests_per_second_\(metric)"
    guard metric % 4 < Self.resources.count else { return .external(name) }
    return .custom(CustomMetric(resource: Self.resources[metric % 4], isNamespaced: true, name: name))
  }

  func sources() -> [RoutedSource] {
    (0..<sourceCount).map { source in
      var custom: [CustomMetric] = []
      var external: [String] = []
      for metric in stride(from: source, to: metricCount, by: sourceCount) {
        switch key(metric) {
        case .custom(let metric): custom.append(metric)
        case .external(let name): external.append(name)
        }
      }
      let host = "adapter-\(source).monitoring.svc"
      return RoutedSource(
        name: "adapter-\(source)", priority: source % 7, serviceNamespace: "monitoring",
        serviceName: "adapter-\(source)",
        backend: RoutedSource.Backend(scheme: .https, host: host, port: 443), tls: RoutedSource.TLS(serverName: host),
        sendsToken: true, timeoutSeconds: 5, customVersions: [.customV1Beta2], externalVersions: [.externalV1Beta1],
        listing: MetricsListing(custom: custom, external: external), isStale: false,
        claims: source < claimCount ? [claim(source)] : [])
    }
  }

  /// As teams claim their own metrics by a prefix, by their namespace, and by the labels of what they scale.
  private func claim(_ source: Int) -> Claim {
    switch source % 4 {
    case 0, 1: Claim(metrics: [Glob("team-\(source)-*")])
    case 2: Claim(namespaces: [Glob("team-\(source)")])
    default:
      Claim(
        metrics: [Glob("s*-*")], metricType: .externalMetrics,
        selectorKeys: [SelectorKey("scaledobject.keda.sh/name=team-\(source)")])
    }
  }

  /// What the claim of `source` matches, and that of no other.
  func claimed(_ source: Int) -> MetricQuestion {
    switch source % 4 {
    case 0, 1: MetricQuestion(.external("team-\(source)-queue-length"), namespace: "shop")
    case 2:
      MetricQuestion(
        .custom(CustomMetric(resource: "pods", isNamespaced: true, name: "busy")), namespace: "team-\(source)")
    default:
      MetricQuestion(
        .external("s0-rabbitmq-orders"), namespace: "shop",
        metricSelector: LabelSelector(requirements: [
          LabelSelector.Requirement(
            key: "scaledobject.keda.sh/name", operator: .equals, values: ["team-\(source)"])
        ]))
    }
  }
}
