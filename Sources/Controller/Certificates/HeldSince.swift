/// For how long each of some things has been seen to hold, without a break.
struct HeldSince<Key: Hashable & Sendable>: Sendable {
  private var since: [Key: ContinuousClock.Instant] = [:]

  /// `keys` hold now, and no others.
  mutating func note(_ keys: Set<Key>, at now: ContinuousClock.Instant) {
    since = since.filter { keys.contains($0.key) }
    for key in keys where since[key] == nil { since[key] = now }
  }

  /// Those that have held for `duration`.
  func keys(for duration: Duration, at now: ContinuousClock.Instant) -> Set<Key> {
    Set(since.filter { now - $0.value >= duration }.keys)
  }
}
