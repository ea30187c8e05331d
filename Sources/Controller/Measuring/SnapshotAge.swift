import Synchronization

/// How old the snapshot in force is, by a clock that nobody sets.
final class SnapshotAge: Sendable {
  private let written = Mutex<ContinuousClock.Instant?>(nil)

  /// Nil before there is a snapshot.
  var value: Duration? { written.withLock { $0 }.map { .now - $0 } }

  func set(_ age: Duration) { written.withLock { $0 = .now - age } }
}
