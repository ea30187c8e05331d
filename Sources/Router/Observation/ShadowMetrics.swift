import Routing
import Telemetry

/// What comes of comparing sources with those that they shadow. Requests to shadows are counted here and nowhere else.
final class ShadowMetrics: Sendable {
  let summaries = ShadowSummaries()
  private let comparisons: MetricFamily<Counter>
  private let skips: MetricFamily<Counter>
  private let differences: MetricFamily<Histogram>

  /// From values that agree exactly to such that have nothing to do with each other.
  private static let bounds = [0, 0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1]

  init(_ registry: MetricsRegistry) {
    comparisons = registry.counter(
      "metrics_router_shadow_comparisons_total",
      help:
        "Answers of a source compared with those of the source that it shadows, by result: agreed, differed, missing,"
        + " primary_failed, shadow_failed, both_failed.",
      labels: ["source", "of", "result"])
    skips = registry.counter(
      "metrics_router_shadow_skipped_total",
      help: "Requests that were not sent to a shadow, by reason: rate, inflight, protobuf, size.",
      labels: ["source", "of", "reason"])
    differences = registry.histogram(
      "metrics_router_shadow_difference_ratio",
      help: "How far the values of a source are from those of the source that it shadows, relative to the larger one.",
      labels: ["source", "of"], ratios: Self.bounds)
  }

  func compared(_ shadow: String, of source: String, _ comparison: Comparison) {
    comparisons.child(shadow, source, comparison.result.rawValue).add()
    let histogram = comparison.ratios.isEmpty ? nil : differences.child(shadow, source)
    for ratio in comparison.ratios { histogram?.observe(ratio: ratio) }
    summaries.record(shadow, of: source, comparison)
  }

  func skipped(_ shadow: String, of source: String, _ reason: String) { skips.child(shadow, source, reason).add() }

  /// Forgets the shadows that are none any more in `table`.
  func keepOnly(_ table: RoutingTable) {
    let pairs = Set(table.sources.compactMap { source in source.shadowOf.map { [source.name, $0] } })
    comparisons.remove { !pairs.contains(Array($0.prefix(2))) }
    skips.remove { !pairs.contains(Array($0.prefix(2))) }
    differences.remove { !pairs.contains($0) }
    summaries.keepOnly(table)
  }
}
