/// A request for values of one metric, read from its path once: what is authorized, looked up and sent on all come from
/// this value.
package struct MetricRequest: Sendable, Hashable {
  package var groupVersion: MetricsGroupVersion
  /// Nil for objects of the cluster.
  package var namespace: String?
  /// As sent, with its group: `pods`, `deployments.apps`. Empty for external metrics; `metrics` where the metric describes
  /// the namespace itself.
  package var resource: String
  /// A name or `*`. Empty for external metrics and for those of a namespace.
  package var objectName: String
  package var metric: String

  /// Whether the path has the form `namespaces/{ns}/metrics/{metric}`.
  private var describesNamespace: Bool { resource == "metrics" && objectName.isEmpty }

  /// What the routing table is asked with. A metric of a namespace is listed as `namespaces/{metric}`, in the scope of
  /// the cluster.
  package var key: MetricKey {
    if groupVersion.group == .external { return .external(metric) }
    if describesNamespace {
      return .custom(CustomMetric(resource: "namespaces", isNamespaced: false, name: metric))
    }
    return .custom(CustomMetric(resource: resource, isNamespaced: namespace != nil, name: metric))
  }

  /// The path to send to a backend that speaks `version`, in a canonical encoding.
  package func path(for version: MetricsGroupVersion) -> String {
    var path = version.path
    path.reserveCapacity(160)
    func append(_ segment: String) {
      path.append("/")
      PathSegments.encode(segment, into: &path)
    }
    if let namespace {
      append("namespaces")
      append(namespace)
    }
    if !resource.isEmpty { append(resource) }
    if !objectName.isEmpty { append(objectName) }
    append(metric)
    return path
  }
}
