import Kubernetes
import Routing

/// The custom resource as it lies on the wire.
struct MetricsSource: KubernetesResource, Equatable {
  var apiVersion: String?
  var kind: String?
  var metadata: ObjectMeta
  var spec: MetricsSourceSpec
  var status: MetricsSourceStatus?

  static let plural = "metricssources"
  static let version = "v1alpha1"
  static let defaultGroup = "metricsrouter.io.metricsrouter.io"

  var name: String { metadata.name ?? "" }
}

/// What the controller found out about a source; what `kubectl get ms` prints.
struct MetricsSourceStatus: Codable, Sendable, Equatable {
  /// Whether the last attempt to read the backend's list succeeded.
  var synced: Bool?
  /// The metrics that are routed to the source: those of its last good list.
  var metricsCount: Int?
  /// `namespace/name`
  var service: String?
  var port: Int?
  var observedGeneration: Int64?
  /// When the list was last read, in RFC 3339.
  var lastSyncTime: String?
  /// Names the backend lists in place of metrics, if any.
  var placeholder: String?
  var conditions: [Condition]?

  struct Condition: Codable, Sendable, Equatable {
    var type: String
    /// "True" or "False".
    var status: String
    /// For programs, in CamelCase.
    var reason: String
    /// For people: what happened and what to do.
    var message: String
    var lastTransitionTime: String
    var observedGeneration: Int64?
  }
}
