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

  /// That are told at once; a message has its bounds.
  private static let maximumProblems = 20
  static let kind = "MetricsSource"
  static let plural = "metricssources"
  static let version = "v1alpha1"
  static let defaultGroup = "metricsrouter.io.metricsrouter.io"

  var name: String { metadata.name ?? "" }

  /// All that keeps the source from being synced, in words for a person.
  var problems: [String] {
    if let malformed { return [malformed] }
    var problems = spec.validate()
    if let target = spec.shadowOf, target == name {
      problems.append(
        SpecProblem(
          path: "spec.shadowOf", value: target, advice: "name another MetricsSource, with which it is to be compared"))
    }
    return problems.map(\.description)
  }

  /// The first of ``problems``, as a status has room for them; nil where there are none.
  var problem: String? {
    let problems = problems
    if problems.isEmpty { return nil }
    let more = problems.count - Self.maximumProblems
    return problems.prefix(Self.maximumProblems).joined(separator: "; ")
      + (more > 0 ? "; and \(more) more" : "")
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
  /// The metrics that are routed to the source by name: those of its last good list, and those that are retained.
  var metricsCount: Int?
  /// The metrics of its last good list alone.
  var listedMetrics: Int?
  /// How many claims are in force.
  var claims: Int?
  /// `namespace/name`
  var service: String?
  var port: Int?
  var observedGeneration: Int64?
  /// When the list was last read, in RFC 3339.
  var lastSyncTime: String?
  /// Names the backend lists in place of metrics, if any.
  var placeholder: String?
  var conditions: [Condition]?
  /// What came of comparing its answers with those of ``MetricsSourceSpec/shadowOf``.
  var shadow: Shadow?

  /// Counts of answers since the comparison began.
  struct Shadow: Codable, Sendable, Equatable {
    /// The source that it is compared with.
    var of: String
    var compared: Int
    var agreed: Int
    var differed: Int
    /// Where either gave no answer to compare.
    var failed: Int
    /// As a decimal fraction.
    var maxRelativeDifference: String?
    /// RFC 3339
    var lastCompared: String?
  }

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

    var isTrue: Bool { status == "True" }
  }

  func condition(_ type: String) -> Condition? { conditions?.first { $0.type == type } }
}
