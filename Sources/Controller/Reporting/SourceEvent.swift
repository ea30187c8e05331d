import Kubernetes

/// Something that happened to a source and that `kubectl describe` and `kubectl get events` should tell.
struct SourceEvent: Sendable, Equatable {
  /// As Kubernetes writes it.
  enum Severity: String, Sendable {
    case normal = "Normal"
    case warning = "Warning"
  }

  var severity: Severity
  /// For programs, in CamelCase.
  var reason: String
  var message: String

  /// What became of a source between two statuses. `former` is what the resource says, so that a controller that starts
  /// again repeats nothing; a change that only words a condition anew is no event.
  static func events(from former: MetricsSourceStatus?, to status: MetricsSourceStatus) -> [SourceEvent] {
    var events: [SourceEvent] = []
    let synced = status.condition("Synced")
    if status.synced == false, former?.synced != false, let synced {
      events.append(
        SourceEvent(severity: .warning, reason: "SyncFailed", message: "\(synced.reason): \(synced.message)"))
    } else if status.synced == true, former?.synced == false, let synced {
      events.append(SourceEvent(severity: .normal, reason: "Synced", message: synced.message))
    }
    let type = MetricsSourceStatus.Condition.conflictType
    if let conflict = status.condition(type), conflict.isTrue, former?.condition(type)?.isTrue != true {
      events.append(SourceEvent(severity: .warning, reason: "Conflict", message: conflict.message))
    }
    let wasUnpublished = former?.condition(MetricsSourceStatus.Condition.publishedType)?.isTrue == false
    if let published = status.condition(MetricsSourceStatus.Condition.publishedType),
      published.isTrue == wasUnpublished
    {
      events.append(
        published.isTrue
          ? SourceEvent(severity: .normal, reason: "Published", message: published.message)
          : SourceEvent(severity: .warning, reason: "NotPublished", message: published.message))
    }
    return events
  }
}
