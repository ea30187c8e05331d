/// A request for the values of one metric, as its path names it. All parts are decoded.
package struct MetricRequest: Hashable, Sendable {
  package var groupVersion: MetricsGroupVersion
  /// Of the described objects, or of an external metric; nil for cluster-scoped objects, namespaces among them.
  package var namespace: String?
  /// The described resource as sent: `deployments.apps`. `namespaces` for `namespaces/{ns}/metrics/{metric}`;
  /// empty for external metrics.
  package var resource: String
  /// The described object, or `*` for those that the label selector chooses; empty for external metrics.
  package var objectName: String
  package var metric: String

  package init(
    groupVersion: MetricsGroupVersion, namespace: String?, resource: String = "", objectName: String = "",
    metric: String
  ) {
    self.groupVersion = groupVersion
    self.namespace = namespace
    self.resource = resource
    self.objectName = objectName
    self.metric = metric
  }

  /// What to ask the routing table for.
  package var lookup: MetricKey {
    switch groupVersion.group {
    case .custom: .custom(CustomMetric(resource: resource, isNamespaced: namespace != nil, name: metric))
    case .external: .external(metric)
    }
  }
}
