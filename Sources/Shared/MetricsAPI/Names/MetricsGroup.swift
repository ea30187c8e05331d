/// An API group of the Kubernetes metrics APIs that a router serves.
package enum MetricsGroup: String, CaseIterable, Sendable, Hashable {
  case custom = "custom.metrics.k8s.io"
  case external = "external.metrics.k8s.io"

  /// The versions of the group, the preferred one first.
  package var versions: [MetricsGroupVersion] {
    switch self {
    case .custom: [.customV1Beta2, .customV1Beta1]
    case .external: [.externalV1Beta1]
    }
  }
}
