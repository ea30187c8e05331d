import Kubernetes

/// Something that happened to a source and that `kubectl describe` and `kubectl get events` should tell.
struct SourceEvent: Sendable, Equatable {
  /// As Kubernetes writes it.
  enum Severity: String, Sendable {
    case normal = "Normal"
    case warning = "Warning"
  }

  /// For programs. `docs/status.md` says when each is told.
  enum Reason: String, Sendable, CaseIterable {
    case synced = "Synced"
    case syncFailed = "SyncFailed"
    case placeholder = "Placeholder"
    case conflict = "Conflict"
    case routeChanged = "RouteChanged"
    case notPublished = "NotPublished"
    case published = "Published"
  }

  var severity: Severity
  var reason: Reason
  var message: String

  /// What became of a source between two statuses. `former` is what the resource says, so that a controller that starts
  /// again repeats nothing; a change that only words a condition anew is no event.
  static func events(from former: MetricsSourceStatus?, to status: MetricsSourceStatus) -> [SourceEvent] {
    [
      synced(from: former, to: status), placeholder(from: former, to: status), conflict(from: former, to: status),
      published(from: former, to: status),
    ].compactMap { $0 }
  }

  /// The first list and that after a failure, and a failure that is new or has another reason than the one before.
  private static func synced(from former: MetricsSourceStatus?, to status: MetricsSourceStatus) -> SourceEvent? {
    guard let synced = status.condition("Synced") else { return nil }
    switch (former?.synced, status.synced) {
    case (nil, true): return SourceEvent(severity: .normal, reason: .synced, message: synced.message)
    case (false, true):
      return SourceEvent(
        severity: .normal, reason: .synced, message: "its list can be read again: \(synced.message)")
    case (false, false) where former?.condition("Synced")?.reason == synced.reason: return nil
    case (_, false):
      return SourceEvent(severity: .warning, reason: .syncFailed, message: "\(synced.reason): \(synced.message)")
    default: return nil
    }
  }

  /// A warning where requests are missing their way for it.
  private static func placeholder(from former: MetricsSourceStatus?, to status: MetricsSourceStatus) -> SourceEvent? {
    guard let placeholder = status.placeholder, let routed = status.condition("Routed") else { return nil }
    let wantsClaim = routed.wantsClaimForPlaceholder
    let isNew = former?.placeholder != placeholder
    guard isNew || wantsClaim && former?.condition("Routed")?.wantsClaimForPlaceholder != true else { return nil }
    return wantsClaim
      ? SourceEvent(severity: .warning, reason: .placeholder, message: routed.message)
      : SourceEvent(
        severity: .normal, reason: .placeholder,
        message: "the backend lists the placeholder \(placeholder) in place of its metrics: \(routed.message)")
  }

  private static func conflict(from former: MetricsSourceStatus?, to status: MetricsSourceStatus) -> SourceEvent? {
    let type = MetricsSourceStatus.Condition.conflictType
    guard let conflict = status.condition(type), conflict.isTrue, former?.condition(type)?.isTrue != true else {
      return nil
    }
    return SourceEvent(severity: .warning, reason: .conflict, message: conflict.message)
  }

  private static func published(from former: MetricsSourceStatus?, to status: MetricsSourceStatus) -> SourceEvent? {
    let type = MetricsSourceStatus.Condition.publishedType
    let wasUnpublished = former?.condition(type)?.isTrue == false
    guard let published = status.condition(type), published.isTrue == wasUnpublished else { return nil }
    return published.isTrue
      ? SourceEvent(severity: .normal, reason: .published, message: published.message)
      : SourceEvent(severity: .warning, reason: .notPublished, message: published.message)
  }
}
