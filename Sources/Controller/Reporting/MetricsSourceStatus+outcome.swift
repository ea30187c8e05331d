import Kubernetes
import MetricsAPI
import Routing

extension MetricsSourceStatus {
  /// How the attempt to sync a source ended.
  typealias Outcome = Result<SourceListing, SyncFailure>

  /// The status after an attempt, as a pure function: what did not change keeps its time. `routed` is what is routed to
  /// the source now, after a failure its last good list; `now` is RFC 3339.
  static func after(
    _ outcome: Outcome, of source: MetricsSource, routed: RoutedSource?, former: MetricsSourceStatus?, now: String
  ) -> MetricsSourceStatus {
    var status = MetricsSourceStatus()
    status.metricsCount = routed?.metricCount ?? 0
    status.service =
      source.malformed == nil ? "\(source.spec.service.namespace)/\(source.spec.service.name)" : former?.service
    let known = routed.flatMap { $0.backend.host == source.spec.service.host ? $0.backend.port : nil }
    status.port = known ?? source.spec.service.port.number ?? (source.malformed == nil ? nil : former?.port)
    status.observedGeneration = source.metadata.generation
    status.lastSyncTime = former?.lastSyncTime
    status.placeholder = former?.placeholder
    let synced: Condition
    switch outcome {
    case .success(let listing):
      status.synced = true
      status.lastSyncTime = now
      status.placeholder =
        listing.metrics.placeholders.isEmpty ? nil : listing.metrics.placeholders.joined(separator: ", ")
      synced = condition("Synced", true, "ListRead", "\(listing.metrics.count) metrics are listed by the backend")
    case .failure(let failure):
      status.synced = false
      let kept =
        (routed?.metricCount ?? 0) > 0 ? "; the last good list of \(routed?.metricCount ?? 0) metrics stays routed" : ""
      synced = condition("Synced", false, failure.reason.rawValue, failure.message + kept)
    }
    status.conditions = [synced, routedCondition(status)].map { condition in
      var condition = condition
      let known = former?.conditions?.first { $0.type == condition.type }
      condition.lastTransitionTime = known?.status == condition.status ? known?.lastTransitionTime ?? now : now
      condition.observedGeneration = source.metadata.generation
      return condition
    }
    return status
  }

  private static func routedCondition(_ status: MetricsSourceStatus) -> Condition {
    let count = status.metricsCount ?? 0
    if count > 0 { return condition("Routed", true, "MetricsListed", "\(count) metrics are routed to this source") }
    if let placeholder = status.placeholder {
      return condition(
        "Routed", false, "PlaceholderOnly",
        "the backend lists only the placeholder \(placeholder), not its metrics: nothing is routed to it")
    }
    if status.lastSyncTime == nil {
      return condition(
        "Routed", false, "NeverSynced", "no list of the backend could be read yet: nothing is routed to it")
    }
    return condition("Routed", false, "NothingListed", "the backend lists no metrics: nothing is routed to it")
  }

  private static func condition(_ type: String, _ isTrue: Bool, _ reason: String, _ message: String) -> Condition {
    Condition(type: type, status: isTrue ? "True" : "False", reason: reason, message: message, lastTransitionTime: "")
  }
}
