/// The metrics of one group that the discovery documents list, chosen once for all of them: every document of a group
/// lists the same.
///
/// A resource appears in one scope alone, because kube-aggregator calls a group-version stale when one parent has two
/// (`ConvertGroupVersionIntoToDiscovery` of k8s.io/apiserver, `pkg/endpoints/installer.go`): where both are there, the
/// namespaced metrics are listed and the others are not.
struct DiscoveredMetrics {
  /// By resource; each with names, in the order of bytes.
  private(set) var scopes: [(scope: MetricScope, names: NameList)] = []
  /// The metrics that would be listed if there were no bound.
  private(set) var omittedCount = 0

  init(_ group: MetricsGroup, of metrics: MetricsUnion, style: DiscoveryStyle, maximumCount: Int) {
    guard style == .full else { return }
    let sections = metrics.sections(of: group)
    var room = maximumCount
    for scope in Self.listed(metrics.counts.keys.filter { $0.group == group }) {
      let count = metrics.counts[scope] ?? 0
      let taken = min(count, room)
      if taken > 0 {
        var merge = NameMerge(sections[scope] ?? [])
        scopes.append((scope, merge.first(taken)))
      }
      room -= taken
      omittedCount += count - taken
    }
  }

  /// One of each resource, in order.
  private static func listed(_ scopes: [MetricScope]) -> [MetricScope] {
    let sorted = scopes.sorted { left, right in
      let compared = left.compareResource(right)
      return compared != 0 ? compared < 0 : left.isNamespacedBefore(right)
    }
    return sorted.indices
      .filter { $0 == 0 || sorted[$0 - 1].compareResource(sorted[$0]) != 0 }
      .map { sorted[$0] }
  }
}
