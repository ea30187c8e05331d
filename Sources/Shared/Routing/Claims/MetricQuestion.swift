package import MetricsAPI

/// What a routing table is asked: which metric, and what else of the request a claim can look at.
package struct MetricQuestion: Hashable, Sendable {
  package var key: MetricKey
  /// The namespace asked in; of a metric of a namespace itself, that one. Nil for other objects outside namespaces, and
  /// where it is not known.
  package var namespace: String?
  /// Chooses among the metric's labels: `labelSelector` of external, `metricLabelSelector` of custom metrics.
  package var metricSelector: LabelSelector?
  /// Chooses the described objects: `labelSelector` of custom metrics.
  package var objectSelector: LabelSelector?

  package init(
    _ key: MetricKey, namespace: String? = nil, metricSelector: LabelSelector? = nil,
    objectSelector: LabelSelector? = nil
  ) {
    self.key = key
    self.namespace = namespace
    self.metricSelector = metricSelector
    self.objectSelector = objectSelector
  }

  /// What a request asks.
  package init(_ request: MetricRequest, _ query: MetricQuery) {
    let isExternal = request.groupVersion.group == .external
    self.init(
      request.lookup, namespace: request.namespace ?? (request.resource == "namespaces" ? request.objectName : nil),
      metricSelector: (isExternal ? query.labelSelector : query.metricLabelSelector)?.selector,
      objectSelector: isExternal ? nil : query.labelSelector?.selector)
  }
}
