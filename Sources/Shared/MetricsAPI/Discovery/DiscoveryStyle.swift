/// How much of what is routed the discovery documents list. What is not listed is routed all the same: the
/// HorizontalPodAutoscaler never looks a metric up in discovery.
package enum DiscoveryStyle: String, CaseIterable, Sendable {
  /// Every metric, up to a bound: people see what there is.
  ///
  /// Whoever asks for discovery pays for each entry: kubectl at its first call of the day, the garbage collector and the
  /// namespace controller every 30 s, and the API server keeps all documents of all its aggregated servers in memory.
  case full
  /// The placeholders alone, whatever there is: what sigs.k8s.io/custom-metrics-apiserver advises adapters to list
  /// (`pkg/provider/defaults`), for very many metrics.
  case compact
}
