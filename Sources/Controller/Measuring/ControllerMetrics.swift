import FoundationEssentials
import MetricsAPI
import Telemetry

/// What the controller tells of its work: it is told what happened, and knows which metrics that changes. Names of sources
/// are the only labels that users choose; the children of a source go with it.
struct ControllerMetrics: Sendable {
  /// How something ended, where no more is told of it.
  private enum Result: String, CaseIterable {
    case success
    case error

    init(_ succeeded: Bool) { self = succeeded ? .success : .error }
  }

  /// What became of an event.
  enum EventResult: String, CaseIterable {
    case success
    /// Too many have been told of its source.
    case suppressed
    /// It is lost, after so many attempts as make sense.
    case error
  }

  /// Codes that a backend makes up may be many.
  private static let discoveryLimit = 100

  private let reconciles: MetricFamily<Counter>
  private let reconcileDuration: MetricFamily<Histogram>
  private let queueDepth: Gauge
  private let underWay: Gauge
  private let discoveryDuration: MetricFamily<Histogram>
  private let sourceMetrics: MetricFamily<Gauge>
  private let sourceRetained: MetricFamily<Gauge>
  private let sourceSynced: MetricFamily<Gauge>
  private let sourceLastSync: MetricFamily<Gauge>
  private let conflicts: Gauge
  private let snapshotGeneration: Gauge
  private let snapshotBytes: Gauge
  private let snapshotAge = SnapshotAge()
  private let snapshotWrites: MetricFamily<Counter>
  private let statusPatches: MetricFamily<Counter>
  private let events: MetricFamily<Counter>
  private let watchProblems: Counter

  init(in registry: MetricsRegistry) {
    func name(_ rest: String) -> String { "metrics_router_controller_\(rest)" }
    reconciles = registry.counter(
      name("reconciles_total"),
      help: "Attempts to sync a source with its backend, by result: success, or the reason of the failure.",
      labels: ["source", "result"])
    reconcileDuration = registry.histogram(
      name("reconcile_duration_seconds"), help: "How long attempts to sync a source took, by result.",
      labels: ["result"])
    queueDepth = registry.gauge(name("work_queue_depth"), help: "Sources that wait to be synced now.")
    underWay = registry.gauge(
      name("reconciles_in_flight"), help: "Sources that are being synced now, --concurrent-syncs at most.")
    discoveryDuration = registry.histogram(
      name("discovery_request_duration_seconds"),
      help: "How long backends took to answer with their list, by HTTP code, or error where no answer came.",
      labels: ["group", "version", "code"], limit: Self.discoveryLimit)
    sourceMetrics = registry.gauge(
      name("source_metrics"),
      help:
        "Metrics that are routed to a source by their names: those of its last good list, and those that are retained.",
      labels: ["source"])
    sourceRetained = registry.gauge(
      name("source_retained_metrics"), help: "Metrics that are routed to a source though it no longer lists them.",
      labels: ["source"])
    sourceSynced = registry.gauge(
      name("source_synced"),
      help: "Whether the last attempt to sync a source succeeded, 1 or 0; absent before the first one.",
      labels: ["source"])
    sourceLastSync = registry.gauge(
      name("source_last_sync_timestamp_seconds"),
      help: "When a source was last synced by this process, in seconds since 1970 UTC.", labels: ["source"])
    conflicts = registry.gauge(
      name("conflicting_sources"), help: "Sources with metrics that others of the same priority have too.")
    snapshotGeneration = registry.gauge(
      name("snapshot_generation"), help: "Generation of the routing table in force; 0 before there is one.")
    snapshotBytes = registry.gauge(name("snapshot_bytes"), help: "Size of the routing table in force, in bytes.")
    let age = snapshotAge
    registry.gauge(
      name("snapshot_age_seconds"), help: "Time since the routing table was last written, which it is when it changes."
    ) { age.value.map { $0 / .seconds(1) } }
    snapshotWrites = registry.counter(
      name("snapshot_writes_total"), help: "Attempts to write the routing table, by result: success, error.",
      labels: ["result"])
    statusPatches = registry.counter(
      name("status_patches_total"), help: "Attempts to write the status of a source, by result: success, error.",
      labels: ["result"])
    events = registry.counter(
      name("events_total"),
      help: "Events of sources, by what became of them: success, suppressed (too many of a source), error (lost).",
      labels: ["result"])
    watchProblems = registry.counter(
      name("watch_problems_total"),
      help: "Times that listing or watching the sources failed and was begun anew, or left out what cannot be read.")
    for result in Result.allCases {
      _ = snapshotWrites.child(result.rawValue)
      _ = statusPatches.child(result.rawValue)
    }
    for result in EventResult.allCases { _ = events.child(result.rawValue) }
  }

  // MARK: Sources

  /// An attempt to sync a source has ended; `failure` is nil where it succeeded.
  func reconciled(_ source: String, failure: SyncFailure.Reason?, in duration: Duration) {
    let result = failure?.rawValue ?? Result.success.rawValue
    reconciles.child(source, result).add()
    reconcileDuration.child(result).observe(duration)
    sourceSynced.child(source).set(failure == nil ? 1 : 0)
    if failure == nil { sourceLastSync.child(source).set(Int(Date.now.timeIntervalSince1970)) }
  }

  /// Of `metrics` that are routed to a source by their names, it no longer lists `retained`.
  func routed(_ source: String, metrics: Int, retained: Int) {
    sourceMetrics.child(source).set(metrics)
    sourceRetained.child(source).set(retained)
  }

  func conflicting(sources: Int) { conflicts.set(sources) }

  /// The source is gone.
  func forget(_ source: String) {
    reconciles.remove { $0[0] == source }
    sourceMetrics.remove { $0[0] == source }
    sourceRetained.remove { $0[0] == source }
    sourceSynced.remove { $0[0] == source }
    sourceLastSync.remove { $0[0] == source }
  }

  func queue(depth: Int, underWay: Int) {
    queueDepth.set(depth)
    self.underWay.set(underWay)
  }

  /// A backend was asked for its list; `code` is nil where no answer came.
  func asked(for version: MetricsGroupVersion, code: Int?, in duration: Duration) {
    discoveryDuration.child(version.group.rawValue, version.version, code.map(String.init) ?? "error").observe(duration)
  }

  func watchProblem() { watchProblems.add() }

  // MARK: What is written

  /// A snapshot that is in force, written `age` ago.
  func snapshot(generation: UInt64, bytes: Int, age: Duration) {
    snapshotGeneration.set(Int(clamping: generation))
    snapshotBytes.set(bytes)
    snapshotAge.set(age)
  }

  func wroteSnapshot(_ succeeded: Bool) { snapshotWrites.child(Result(succeeded).rawValue).add() }

  func toldEvent(_ result: EventResult) { events.child(result.rawValue).add() }

  func patchedStatus(_ succeeded: Bool) { statusPatches.child(Result(succeeded).rawValue).add() }
}
