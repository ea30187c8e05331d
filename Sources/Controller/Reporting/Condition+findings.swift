import MetricsAPI
import Routing

/// Each condition of a source, without its time. `docs/status.md` lists all types and reasons.
extension MetricsSourceStatus.Condition {
  static let conflictType = "Conflict"
  static let publishedType = "Published"
  private static let placeholderOnly = "PlaceholderOnly"
  private static let placeholderRemark = " the backend lists only a placeholder: "

  /// Of a condition `Routed`: metrics that the backend lists a placeholder for do not reach it, and the message has the
  /// claim to add.
  var wantsClaimForPlaceholder: Bool {
    reason == Self.placeholderOnly || message.contains(Self.placeholderRemark)
  }

  /// Whether the last attempt to read the backend's list succeeded.
  static func synced(_ outcome: MetricsSourceStatus.Outcome, _ routed: RoutedSource?) -> Self {
    switch outcome {
    case .success(let listing):
      return Self("Synced", true, "ListRead", "\(listing.metrics.count) metrics are listed by the backend")
    case .failure(let failure):
      var message = failure.message
      if let routed, routed.metricCount > 0 {
        message += "; the last good list of \(routed.metricCount) metrics stays routed"
      }
      if let routed, !routed.claims.isEmpty { message += "; \(claims(routed)) in force" }
      return Self("Synced", false, failure.reason.rawValue, message)
    }
  }

  /// Whether any request can reach the backend, and how.
  static func routed(_ routed: RoutedSource?, _ source: MetricsSource, _ status: MetricsSourceStatus) -> Self {
    let counts = (listed: routed?.listing.count ?? 0, all: routed?.metricCount ?? 0)
    if let routed, counts.all > 0 || !routed.claims.isEmpty {
      let reason = counts.listed > 0 ? "MetricsListed" : counts.all > 0 ? "MetricsRetained" : "Claimed"
      return Self("Routed", true, reason, routes(routed) + placeholderRemark(routed))
    }
    let advice = { (types: [MetricsSourceSpec.MetricType]) in ClaimAdvice(for: source.spec.service, types: types).text }
    if let placeholder = status.placeholder {
      let types = routed?.placeholderTypes ?? []
      return Self(
        "Routed", false, placeholderOnly,
        "the backend lists only the placeholder \(placeholder), not its metrics: nothing is routed to it; "
          + advice(types.isEmpty ? source.spec.metricTypes : types))
    }
    if status.lastSyncTime == nil {
      return Self("Routed", false, "NeverSynced", "no list of the backend could be read yet: nothing is routed to it")
    }
    return Self(
      "Routed", false, "NothingListed",
      "the backend lists no metrics, and the source claims none: nothing is routed to it; where the backend answers"
        + " metrics that it does not list, " + advice(source.spec.metricTypes))
  }

  /// What stands in the way first, or that nothing does. A conflict does not, but is worth a look.
  static func ready(_ synced: Self, _ routed: Self, _ published: Self?, _ conflict: Self?) -> Self {
    for obstacle in [synced, routed, published] {
      guard let obstacle, !obstacle.isTrue else { continue }
      return Self("Ready", false, obstacle.reason, obstacle.message)
    }
    if let conflict, conflict.isTrue { return Self("Ready", true, conflictType, conflict.message) }
    return Self("Ready", true, "Ready", routed.message)
  }

  /// Whether another source of the same priority has metrics of this one. Nil where it never had; what a former run
  /// found stands until the sources are compared.
  static func conflict(_ peers: MetricsSourceStatus.Peers, former: Self?) -> Self? {
    guard peers.isCompared else { return former }
    if let conflict = peers.conflict { return Self(conflictType, true, "EqualPriority", conflict.message) }
    return former == nil
      ? nil : Self(conflictType, false, "NoConflict", "no other source of its priority has a metric of this one")
  }

  /// Whether the routing table has been written with the source as it is to be routed now. Nil where that never failed.
  static func published(_ peers: MetricsSourceStatus.Peers, former: Self?) -> Self? {
    if let cause = peers.unpublished {
      return Self(
        publishedType, false, "SnapshotNotWritten",
        "the routing table cannot be written, and the last one stays in force, without this source as it is now: \(cause);"
          + " see to it that the controller can write its volume: it tries again by itself")
    }
    return former == nil
      ? nil : Self(publishedType, true, "SnapshotWritten", "the routing table has this source as it is now")
  }

  /// Whether there is a source to be compared with; nil where none is asked for.
  static func shadow(_ spec: MetricsSourceSpec, _ peers: MetricsSourceStatus.Peers) -> Self? {
    guard let target = spec.shadowOf else { return nil }
    if peers.hasShadowed {
      return Self("Shadow", true, "SourceFound", "answers are compared with those of MetricsSource \(target)")
    }
    return Self(
      "Shadow", false, "SourceNotFound",
      "spec.shadowOf: \(target): there is no MetricsSource of that name: create it, or correct the name")
  }

  /// `12 metrics are routed to this source (2 of them are no longer listed), and requests that match one of its 2 claims`
  private static func routes(_ routed: RoutedSource) -> String {
    let (all, retained) = (routed.metricCount, routed.metricCount - routed.listing.count)
    guard all > 0 else { return "requests that match \(matching(routed)) are routed to this source" }
    return "\(all) metrics are routed to this source"
      + (retained > 0 ? " (\(retained) of them are no longer listed)" : "")
      + (routed.claims.isEmpty ? "" : ", and requests that match \(matching(routed))")
  }

  private static func matching(_ routed: RoutedSource) -> String {
    routed.claims.count == 1 ? "its claim" : "one of its \(routed.claims.count) claims"
  }

  private static func claims(_ routed: RoutedSource) -> String {
    routed.claims.count == 1 ? "its claim is" : "its \(routed.claims.count) claims are"
  }

  /// Of a source that is routed for metrics of one type, and lists a placeholder for those of the other.
  private static func placeholderRemark(_ routed: RoutedSource) -> String {
    let types = routed.placeholderTypes
    if types.isEmpty { return "" }
    let service = MetricsSourceSpec.Service(
      namespace: routed.serviceNamespace, name: routed.serviceName, port: .number(routed.backend.port))
    return "; of \(types.map(\.rawValue).joined(separator: " and "))" + placeholderRemark
      + ClaimAdvice(for: service, types: types).text
  }

  private init(_ type: String, _ isTrue: Bool, _ reason: String, _ message: String) {
    self.init(
      type: type, status: isTrue ? "True" : "False", reason: reason, message: message, lastTransitionTime: "")
  }
}
