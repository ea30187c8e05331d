/// The entries that adapters built on sigs.k8s.io/custom-metrics-apiserver list for want of real ones
/// (`pkg/provider/defaults`), because clients never cache an empty list and would ask for it again at every call.
package enum Placeholder {
  /// The one entry of an external list.
  package static let external = "externalmetrics"
  /// The one entry of a custom list, cluster-scoped: a metric of no resource.
  package static let custom = "/custommetrics"
  static let customMetricName = "custommetrics"
}
