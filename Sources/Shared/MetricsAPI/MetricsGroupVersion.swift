/// The two API groups that metrics adapters share.
package enum MetricsGroup: String, Sendable, CaseIterable {
  case custom = "custom.metrics.k8s.io"
  case external = "external.metrics.k8s.io"
}

/// The group-versions that exist, the preferred one of each group first.
package enum MetricsGroupVersion: String, Sendable, CaseIterable, Codable {
  case customV1Beta2 = "custom.metrics.k8s.io/v1beta2"
  case customV1Beta1 = "custom.metrics.k8s.io/v1beta1"
  case externalV1Beta1 = "external.metrics.k8s.io/v1beta1"

  package var group: MetricsGroup {
    switch self {
    case .customV1Beta2, .customV1Beta1: .custom
    case .externalV1Beta1: .external
    }
  }

  package var version: String {
    switch self {
    case .customV1Beta2: "v1beta2"
    case .customV1Beta1, .externalV1Beta1: "v1beta1"
    }
  }

  /// `/apis/G/V`, where an adapter lists what it serves.
  package var path: String { "/apis/\(rawValue)" }
}
