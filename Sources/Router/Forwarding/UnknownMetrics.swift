import EventLoop

/// What sources were found not to know, for a short while: a source that falls through is not asked again and again for a
/// metric that another one answers. Bounded; belongs to one event loop, and to one routing table.
///
/// An entry is of one whole request, not of the metric's name: prometheus-adapter answers 404 also where no object matches.
struct UnknownMetrics {
  /// In entries; keys that are longer than ``maximumKey`` are not remembered, so memory is bounded by the product.
  static let capacity = 4096
  static let maximumKey = 1024

  private struct Key: Hashable {
    /// Index of the source in the table.
    var source: Int32
    /// Path and query as a backend gets them, which are ASCII.
    var target: String
  }

  /// How long an entry counts; zero remembers nothing.
  let lifetime: Duration
  private var expiries: [Key: MonotonicTime] = [:]

  init(lifetime: Duration) { self.lifetime = lifetime }

  var isEmpty: Bool { expiries.isEmpty }

  func contains(_ target: String, at source: Int32, now: MonotonicTime) -> Bool {
    guard let expiry = expiries[Key(source: source, target: target)] else { return false }
    return now < expiry
  }

  mutating func insert(_ target: String, at source: Int32, now: MonotonicTime) {
    guard lifetime > .zero, target.utf8.count <= Self.maximumKey else { return }
    if expiries.count >= Self.capacity {
      expiries = expiries.filter { now < $0.value }
      // Anybody may ask for anything: what is full of what still counts begins anew.
      if expiries.count >= Self.capacity { expiries = [:] }
    }
    expiries[Key(source: source, target: target)] = now + lifetime
  }

  /// The table has changed: its indices mean other sources, and the sources may know other metrics.
  mutating func removeAll() { expiries = [:] }
}
