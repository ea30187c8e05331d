/// A dictionary of so many entries at most, which forgets the one that was used the longest time ago. Forgetting looks at
/// all entries, so it is for some thousands of them, of which few are new.
struct RecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Entry {
    var value: Value
    var lastUse: UInt64
  }

  private let capacity: Int
  private var entries: [Key: Entry] = [:]
  private var uses: UInt64 = 0

  /// `capacity` is one at least.
  init(capacity: Int) { self.capacity = capacity }

  var count: Int { entries.count }

  /// The value of `key`, which counts as used now.
  mutating func value(of key: Key) -> Value? {
    guard var entry = entries[key] else { return nil }
    uses += 1
    entry.lastUse = uses
    entries[key] = entry
    return entry.value
  }

  mutating func set(_ value: Value, for key: Key) {
    uses += 1
    entries[key] = Entry(value: value, lastUse: uses)
    guard entries.count > capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else {
      return
    }
    entries[oldest.key] = nil
  }
}
