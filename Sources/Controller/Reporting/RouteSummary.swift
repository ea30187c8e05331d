import Routing

/// What decides which requests reach a source, and where they go: kept to tell when that changes.
struct RouteSummary: Sendable, Equatable {
  /// Smaller changes of the number of metrics are told in no event, even where they double it.
  static let smallestJump = 10

  /// `namespace/name:port`
  private var backend: String
  private var priority: Int
  private var claims: [Claim]
  private var metricCount: Int

  init(_ routed: RoutedSource) {
    backend = "\(routed.serviceNamespace)/\(routed.serviceName):\(routed.backend.port)"
    priority = routed.priority
    claims = routed.claims
    metricCount = routed.metricCount
  }

  /// What to tell of the way to `next`; nil where that is what backends and lists do all day. Then this one is still to
  /// be compared with: a list that shrinks little by little is told in the end. Where `isTold`, the number of metrics
  /// was told by another event.
  func change(to next: RouteSummary, countIsTold isTold: Bool) -> SourceEvent? {
    var changes: [String] = []
    if next.backend != backend { changes.append("requests go to \(next.backend) instead of \(backend)") }
    if next.priority != priority { changes.append("its priority went from \(priority) to \(next.priority)") }
    if next.claims.count != claims.count {
      changes.append("its claims went from \(claims.count) to \(next.claims.count)")
    } else if next.claims != claims {
      changes.append("its claims are others than before")
    }
    if !isTold, Self.isJump(from: metricCount, to: next.metricCount) {
      changes.append("metrics routed went from \(metricCount) to \(next.metricCount)")
    }
    guard !changes.isEmpty else { return nil }
    return SourceEvent(severity: .normal, reason: .routeChanged, message: changes.joined(separator: "; "))
  }

  /// From none or to none, or twice as many or half, where that is ``smallestJump`` at least.
  private static func isJump(from former: Int, to next: Int) -> Bool {
    if (former == 0) != (next == 0) { return true }
    let (fewer, more) = (min(former, next), max(former, next))
    return more - fewer >= smallestJump && more / 2 >= fewer
  }
}
