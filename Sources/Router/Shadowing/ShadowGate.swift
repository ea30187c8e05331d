import EventLoop
import Routing
import Synchronization

/// Decides which requests are sent to shadows at all: so many at once, and so many to each in a second. Shared by all
/// workers, since callers that keep a connection are all served by one of them.
final class ShadowGate: Sendable {
  enum Refusal: String, Sendable {
    case rate
    case inFlight = "inflight"
  }

  private struct State {
    var inFlight = 0
    var buckets: [String: TokenBucket] = [:]
  }

  let settings: ShadowSettings
  private let state = Mutex(State())

  init(_ settings: ShadowSettings) { self.settings = settings }

  var isOff: Bool { settings.rate == 0 }

  /// Nil where a request may be sent to the source `shadow`, whose end ``leave()`` must be told of; else why not.
  func enter(_ shadow: String, at now: MonotonicTime) -> Refusal? {
    state.withLock { state in
      guard state.inFlight < settings.inFlight else { return .inFlight }
      var bucket = state.buckets[shadow] ?? TokenBucket(rate: settings.rate, now: now)
      let mayPass = bucket.take(at: now)
      state.buckets[shadow] = bucket
      guard mayPass else { return .rate }
      state.inFlight += 1
      return nil
    }
  }

  func leave() { state.withLock { $0.inFlight -= 1 } }

  /// Forgets sources that shadow no other.
  func keepOnly(_ table: RoutingTable) {
    let names = Set(table.sources.filter { $0.shadowOf != nil }.map(\.name))
    state.withLock { state in
      if !state.buckets.isEmpty { state.buckets = state.buckets.filter { names.contains($0.key) } }
    }
  }
}
