/// The metrics of one group that the discovery documents list, chosen once for all of them: every document of a group
/// lists the same.
///
/// A resource appears in one scope alone, because kube-aggregator calls a group-version stale when one parent has two
/// (`ConvertGroupVersionIntoToDiscovery` of k8s.io/apiserver, `pkg/endpoints/installer.go`): where both are there, the
/// namespaced metrics are listed and the others are not.
struct DiscoveredMetrics {
  /// The metrics of a resource, neighbours in a sorted listing; those in another scope than its own are passed over.
  struct Resource {
    let isNamespaced: Bool
    /// Positions in the listing.
    let range: Range<Int>
  }

  let listing: MetricsListing
  /// Of custom metrics, in the order of the listing.
  let resources: [Resource]
  /// Of external metrics, the first ones of the listing.
  let externalCount: Int
  /// The metrics that would be listed if there were no bound.
  let omittedCount: Int

  init(_ group: MetricsGroup, of listing: MetricsListing, style: DiscoveryStyle, maximumCount: Int) {
    self.listing = listing
    switch (style, group) {
    case (.compact, _):
      resources = []
      externalCount = 0
      omittedCount = 0
    case (.full, .custom):
      (resources, omittedCount) = Self.resources(of: listing.custom, maximumCount: maximumCount)
      externalCount = 0
    case (.full, .external):
      resources = []
      externalCount = min(listing.external.count, maximumCount)
      omittedCount = listing.external.count - externalCount
    }
  }

  private static func resources(of metrics: [CustomMetric], maximumCount: Int) -> ([Resource], omittedCount: Int) {
    var resources: [Resource] = []
    var listed = 0
    var omitted = 0
    var start = 0
    while start < metrics.count {
      let name = metrics[start].resource
      var end = start
      var namespacedCount = 0
      // Swift's equality, by which a listing is sorted: what it calls equal are neighbours.
      while end < metrics.count, metrics[end].resource == name {
        if metrics[end].isNamespaced { namespacedCount += 1 }
        end += 1
      }
      let isNamespaced = namespacedCount > 0
      let count = isNamespaced ? namespacedCount : end - start
      let taken = min(count, maximumCount - listed)
      if taken > 0 {
        let last =
          taken == count ? end : Self.position(after: taken, in: metrics[start..<end], isNamespaced: isNamespaced)
        resources.append(Resource(isNamespaced: isNamespaced, range: start..<last))
      }
      listed += taken
      omitted += count - taken
      start = end
    }
    return (resources, omitted)
  }

  /// Where the first `count` metrics of a scope end.
  private static func position(after count: Int, in metrics: ArraySlice<CustomMetric>, isNamespaced: Bool) -> Int {
    var seen = 0
    for index in metrics.indices where metrics[index].isNamespaced == isNamespaced {
      seen += 1
      if seen == count { return index + 1 }
    }
    return metrics.endIndex
  }
}
