/// What is to be done, each key at most once and never twice at the same time (`k8s.io/client-go/util/workqueue`). A value
/// apart from clocks: time is handed in, on any clock that only moves forward.
struct WorkQueue<Key: Hashable & Sendable>: Sendable {
  private var ready: [Key] = []
  private var isReady: Set<Key> = []
  private var processing: Set<Key> = []
  /// Added again while it was being processed.
  private var dirty: Set<Key> = []
  private var delayed: [Key: Duration] = [:]

  /// As soon as possible; takes the place of a later time asked for before.
  mutating func add(_ key: Key) {
    delayed[key] = nil
    if processing.contains(key) {
      dirty.insert(key)
    } else if isReady.insert(key).inserted {
      ready.append(key)
    }
  }

  /// Not before `due`; the earlier of two times counts.
  mutating func add(_ key: Key, at due: Duration) {
    guard !isReady.contains(key), !dirty.contains(key) else { return }
    delayed[key] = min(due, delayed[key] ?? due)
  }

  /// The next key that may be processed at `now`. Give it back by ``finish(_:)``.
  mutating func take(at now: Duration) -> Key? {
    for (key, due) in delayed where due <= now { add(key) }
    guard !ready.isEmpty else { return nil }
    let key = ready.removeFirst()
    isReady.remove(key)
    processing.insert(key)
    return key
  }

  mutating func finish(_ key: Key) {
    processing.remove(key)
    if dirty.remove(key) != nil { add(key) }
  }

  /// Drops what is planned for a key; what is under way ends by itself.
  mutating func forget(_ key: Key) {
    delayed[key] = nil
    dirty.remove(key)
    if isReady.remove(key) != nil { ready.removeAll { $0 == key } }
  }

  /// How many keys are to be processed as soon as possible.
  var depth: Int { ready.count }

  /// When the earliest delayed key is due.
  var nextDue: Duration? { delayed.values.min() }
}
