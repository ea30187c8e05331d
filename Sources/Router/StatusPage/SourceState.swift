import Routing

/// How a source is, in a word; the worst that is known of it.
enum SourceState: String, Encodable, CaseIterable {
  /// It has failed repeatedly, and is not asked for a while.
  case unavailable
  /// Half of its requests of the last minute failed.
  case failing
  /// Its list could not be read the last time, so that the last good one is routed.
  case stale
  /// It neither lists nor claims anything.
  case empty
  case ready

  /// Of the slots that are the last minute.
  private static let recentCount = 60 / HistoryRing.slotSeconds
  /// Fewer requests say nothing.
  private static let leastRequests: UInt32 = 3

  /// `breakersOpen` is the number of workers that do not ask it; `slots` are those of its history.
  init(_ source: RoutedSource, breakersOpen: Int, slots: [HistoryRing.Slot]) {
    let recent = slots.suffix(Self.recentCount).reduce(HistoryRing.Slot(), +)
    if breakersOpen > 0 {
      self = .unavailable
    } else if recent.requests >= Self.leastRequests, recent.errors >= recent.requests - recent.errors {
      self = .failing
    } else if source.isStale {
      self = .stale
    } else if source.metricCount == 0, source.claims.isEmpty {
      self = .empty
    } else {
      self = .ready
    }
  }
}
