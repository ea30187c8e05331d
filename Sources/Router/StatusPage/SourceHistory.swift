import EventLoop
import Routing
import Synchronization

/// How each source has answered over the last ten minutes. A kilobyte for each source that was asked anything, and none for
/// those that are no longer routed.
final class SourceHistory: Sendable {
  /// What happens between two looks counts for the slot of the second one.
  private static let interval = Duration.seconds(5)

  private struct State {
    var counts: [String: SourceCounts] = [:]
    var rings: [String: HistoryRing] = [:]
  }

  private let metrics: RouterMetrics
  private let tables: TableHolder
  private let begun: MonotonicTime
  private let state = Mutex(State())

  init(_ metrics: RouterMetrics, tables: TableHolder, now: MonotonicTime = .now()) {
    self.metrics = metrics
    self.tables = tables
    begun = now
  }

  /// Looks again and again, until its task is cancelled.
  func keep() async {
    while !Task.isCancelled {
      update()
      try? await Task.sleep(for: Self.interval)
    }
  }

  /// Adds what has been counted since the last time.
  func update(at now: MonotonicTime = .now()) {
    let number = slot(at: now)
    let table = tables.current?.table
    state.withLock { state in
      // Under the lock: whoever stores later has read later.
      let counts = SourceCounts.read(metrics)
      for (source, count) in counts where table?.index(of: source) != nil {
        let slot = count.since(state.counts[source] ?? SourceCounts())
        state.rings[source, default: HistoryRing(at: number)].add(slot, at: number)
      }
      state.counts = counts
      state.rings = state.rings.filter { table?.index(of: $0.key) != nil }
    }
  }

  /// The slots of `source`, the oldest first, the one under way last; empty where it has not been asked anything.
  func slots(of source: String, at now: MonotonicTime = .now()) -> [HistoryRing.Slot] {
    let number = slot(at: now)
    return state.withLock { $0.rings[source]?.slots(endingAt: number) } ?? []
  }

  private func slot(at now: MonotonicTime) -> Int {
    Int(now.since(begun).components.seconds) / HistoryRing.slotSeconds
  }
}
