import Kubernetes
import Routing

/// The custom resource as it lies on the wire.
struct MetricsSource: KubernetesResource, Equatable {
  var apiVersion: String?
  var kind: String?
  var metadata: ObjectMeta
  var spec: MetricsSourceSpec
  var status: MetricsSourceStatus?
  /// Why the spec that stands there cannot be read; ``spec`` is then empty. Such a source is kept, so that its status can
  /// say what is wrong and its last good list stays routed.
  var malformed: String?

  static let plural = "metricssources"
  static let version = "v1alpha1"
  static let defaultGroup = "metricsrouter.io.metricsrouter.io"

  var name: String { metadata.name ?? "" }

  /// What keeps the source from being synced, in words for its status; nil where nothing does.
  var problem: String? {
    if let malformed { return malformed }
    let problems = spec.validate()
    return problems.isEmpty ? nil : problems.map(\.description).joined(separator: "; ")
  }

  /// Whether the same person's wish stands in both, whatever became of status and metadata.
  func declaresTheSame(as other: MetricsSource) -> Bool {
    spec == other.spec && malformed == other.malformed && metadata.uid == other.metadata.uid
      && metadata.generation == other.metadata.generation
  }
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
