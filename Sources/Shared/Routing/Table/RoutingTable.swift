package import MetricsAPI

/// Which source answers which metric: a pure function of the sources and what they list. Immutable, so that a request
/// may use it without a lock and never sees two generations.
package struct RoutingTable: Sendable {
  package let generation: UInt64
  /// In order of precedence: the higher priority first, equal ones by name.
  package let sources: [RoutedSource]
  /// For each metric the indices of the sources that list it, in order of precedence.
  private let listed: [MetricKey: [Int32]]

  package init(sources: [RoutedSource], generation: UInt64) {
    self.generation = generation
    let ordered = sources.sorted(by: Self.precedes)
    var listed: [MetricKey: [Int32]] = [:]
    listed.reserveCapacity(ordered.reduce(0) { $0 + $1.metricCount })
    for (index, source) in ordered.enumerated() {
      for metric in source.customMetrics { listed[.custom(metric), default: []].append(Int32(index)) }
      for name in source.externalMetrics { listed[.external(name), default: []].append(Int32(index)) }
    }
    self.sources = ordered
    self.listed = listed
  }

  package static func precedes(_ left: RoutedSource, _ right: RoutedSource) -> Bool {
    left.priority != right.priority ? left.priority > right.priority : left.name < right.name
  }

  /// The source that answers for a metric, or nil where none does.
  package func winner(for key: MetricKey) -> RoutedSource? {
    guard let first = listed[key]?.first else { return nil }
    return sources[Int(first)]
  }

  /// The sources that could answer, in the order in which they would be asked.
  package func candidates(for key: MetricKey) -> [RoutedSource] { (listed[key] ?? []).map { sources[Int($0)] } }

  /// Different metrics, over all sources.
  package var metricCount: Int { listed.count }
  package var keys: some Collection<MetricKey> { listed.keys }
}
