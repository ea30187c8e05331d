/// A group-version of the metrics APIs; its raw value is what `apiVersion` and `groupVersion` say.
package enum MetricsGroupVersion: String, CaseIterable, Sendable, Hashable {
  case customV1Beta1 = "custom.metrics.k8s.io/v1beta1"
  case customV1Beta2 = "custom.metrics.k8s.io/v1beta2"
  case externalV1Beta1 = "external.metrics.k8s.io/v1beta1"

  package var group: MetricsGroup {
    switch self {
    case .customV1Beta1, .customV1Beta2: .custom
    case .externalV1Beta1: .external
    }
  }

  /// The version alone: `v1beta1`.
  package var version: String {
    switch self {
    case .customV1Beta1, .externalV1Beta1: "v1beta1"
    case .customV1Beta2: "v1beta2"
    }
  }

  /// Where an API server serves it: `/apis/custom.metrics.k8s.io/v1beta1`, without a trailing slash.
  package var path: String {
    switch self {
    case .customV1Beta1: "/apis/custom.metrics.k8s.io/v1beta1"
    case .customV1Beta2: "/apis/custom.metrics.k8s.io/v1beta2"
    case .externalV1Beta1: "/apis/external.metrics.k8s.io/v1beta1"
    }
  }

  /// The kind of the objects it answers metric requests with.
  package var valueListKind: String {
    switch group {
    case .custom: "MetricValueList"
    case .external: "ExternalMetricValueList"
    }
  }
}
