import Kubernetes
import MetricsAPI
import Routing

extension MetricsSourceStatus {
  /// How the attempt to sync a source ended.
  typealias Outcome = Result<SourceListing, SyncFailure>

  /// What is known of a source beside what its backend lists.
  struct Peers: Sendable, Equatable {
    /// Whether it was compared with the others in this run; what a former run found stands until then.
    var isCompared = false
    var conflict: Conflict?
    /// Whether there is a source of the name in `spec.shadowOf`.
    var hasShadowed = false
    /// As the server last told.
    var shadow: Shadow?
    /// Why the routing table could not be written with the source as it is to be routed now.
    var unpublished: String?
  }

  /// The status after an attempt, as a pure function: what did not change keeps its time. `routed` is what is routed to
  /// the source now, after a failure its last good list; `lastRead` is when that was read, now where nil; times are in
  /// RFC 3339.
  static func after(
    _ outcome: Outcome, of source: MetricsSource, routed: RoutedSource?, peers: Peers = Peers(),
    former: MetricsSourceStatus?, lastRead: String? = nil, now: String
  ) -> MetricsSourceStatus {
    var status = MetricsSourceStatus()
    status.metricsCount = routed?.metricCount ?? 0
    status.listedMetrics = routed?.listing.count ?? 0
    status.claims = routed?.claims.count ?? 0
    status.service =
      source.malformed == nil ? "\(source.spec.service.namespace)/\(source.spec.service.name)" : former?.service
    let known = routed.flatMap { $0.backend.host == source.spec.service.host ? $0.backend.port : nil }
    status.port = source.malformed == nil ? known ?? source.spec.service.port.number : former?.port
    status.observedGeneration = source.metadata.generation
    status.lastSyncTime = former?.lastSyncTime
    status.placeholder = former?.placeholder
    switch outcome {
    case .success(let listing):
      status.synced = true
      status.lastSyncTime = later(former?.lastSyncTime, than: lastRead ?? now, now: now)
      status.placeholder =
        listing.metrics.placeholders.isEmpty ? nil : listing.metrics.placeholders.joined(separator: ", ")
    case .failure: status.synced = false
    }
    // Counted by the server, and of no meaning for another pair.
    status.shadow = [peers.shadow, former?.shadow].compactMap { $0 }
      .first { source.malformed != nil || $0.of == source.spec.shadowOf }
    let synced = Condition.synced(outcome, routed)
    let routing = Condition.routed(routed, source, status)
    let conflict = Condition.conflict(peers, former: former?.condition(Condition.conflictType))
    let published = Condition.published(peers, former: former?.condition(Condition.publishedType))
    let conditions = [
      synced, routing, Condition.ready(synced, routing, published, conflict), conflict,
      Condition.shadow(source.spec, peers), published,
    ]
    status.conditions = conditions.compactMap { $0 }.map { condition in
      var condition = condition
      let known = former?.condition(condition.type)
      condition.lastTransitionTime = known?.status == condition.status ? known?.lastTransitionTime ?? now : now
      condition.observedGeneration = source.metadata.generation
      return condition
    }
    return status
  }

  /// Another replica may have read the list since this one did: the time does not go back. What lies in the future is the
  /// time of a clock that is wrong.
  private static func later(_ former: String?, than own: String, now: String) -> String {
    guard let former, former.utf8.count == own.utf8.count, former > own, former <= now else { return own }
    return former
  }
}
