import Telemetry

/// What is told of the election of a leader among replicas. Without one there is a leader all the same: this process.
struct LeadershipMetrics: Sendable {
  /// What came of a request for the lease.
  enum Result: String, CaseIterable {
    case success
    /// Another replica was faster.
    case conflict
    /// The ServiceAccount has no right to it.
    case forbidden
    case error
  }

  private let transitions: MetricFamily<Counter>
  private let requests: MetricFamily<Counter>

  init(in registry: MetricsRegistry, _ leadership: Leadership) {
    registry.gauge(
      "metrics_router_controller_leader",
      help: "Whether this replica leads: writes status and Events, which one alone of all replicas does."
    ) { leadership.remaining == nil ? 0 : 1 }
    transitions = registry.counter(
      "metrics_router_controller_leader_transitions_total",
      help: "Times that this replica became leader, or follower again.", labels: ["to"])
    requests = registry.counter(
      "metrics_router_controller_lease_requests_total",

      help:
        "Requests for the lease by which a leader is elected, by result: success, conflict (another replica was faster),"
        + " forbidden (the ServiceAccount may not use it), error.", labels: ["result"])
    for isLeading in [true, false] { _ = transitions.child(Self.role(isLeading)) }
    for result in Result.allCases { _ = requests.child(result.rawValue) }
  }

  private static func role(_ isLeading: Bool) -> String { isLeading ? "leader" : "follower" }

  func changed(_ isLeading: Bool) { transitions.child(Self.role(isLeading)).add() }

  func asked(_ result: Result) { requests.child(result.rawValue).add() }
}
