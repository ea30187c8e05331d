import Routing
import Telemetry

/// What has been counted of one source since the process began. Requests pay nothing for it: it is read from what Prometheus
/// is told.
struct SourceCounts {
  var requests: UInt64 = 0
  var errors: UInt64 = 0
  var asked: UInt64 = 0
  var nanoseconds: UInt64 = 0

  /// Of all sources that anything has been counted of.
  ///
  /// An error is an answer of 500 and above, whoever gave it: the source, or the router in its place. One that fell through
  /// for such a reason is one as well, though the caller may have had an answer from elsewhere.
  static func read(_ metrics: RouterMetrics) -> [String: SourceCounts] {
    var counts: [String: SourceCounts] = [:]
    for (labels, counter) in metrics.requests.all {
      let (source, code) = (labels[2], Int(labels[3]) ?? 0)
      guard !source.isEmpty else { continue }
      counts[source, default: SourceCounts()].add(counter.value, isError: code >= 500)
    }
    for (labels, counter) in metrics.fallThroughs.all {
      let outcome = FallThrough(rawValue: labels[1])
      counts[labels[0], default: SourceCounts()].add(
        counter.value, isError: outcome == .serverError || outcome == .unavailable)
    }
    for (labels, counter) in metrics.exhaustedChains.all {
      let outcome = FallThrough(rawValue: labels[1])
      counts[labels[0], default: SourceCounts()].remove(
        counter.value, isError: outcome == .serverError || outcome == .unavailable)
    }
    for (labels, histogram) in metrics.backendDuration.all {
      let (count, nanoseconds) = histogram.total
      counts[labels[0], default: SourceCounts()].asked = count
      counts[labels[0], default: SourceCounts()].nanoseconds = nanoseconds
    }
    return counts
  }

  private mutating func add(_ count: UInt64, isError: Bool) {
    requests &+= count
    if isError { errors &+= count }
  }

  /// What was counted twice. Requests under way may have done one part of it: never less than nothing.
  private mutating func remove(_ count: UInt64, isError: Bool) {
    requests -= min(requests, count)
    if isError { errors -= min(errors, count) }
  }

  /// What has been added since `former`. Counters of a source that was gone for a while begin anew.
  func since(_ former: SourceCounts) -> HistoryRing.Slot {
    let base = asked < former.asked ? SourceCounts() : former
    func added(_ now: UInt64, _ before: UInt64) -> UInt64 { now > before ? now - before : 0 }
    return HistoryRing.Slot(
      requests: UInt32(clamping: added(requests, base.requests)),
      errors: UInt32(clamping: added(errors, base.errors)), asked: UInt32(clamping: added(asked, base.asked)),
      milliseconds: Float(Double(added(nanoseconds, base.nanoseconds)) / 1e6))
  }
}
