import Synchronization

/// A number that only grows, until the process ends. Kept by whoever counts: an update is one atomic addition.
package final class Counter: Sendable {
  private let count = Atomic<UInt64>(0)

  init() {}

  /// What has been counted so far.
  package var value: UInt64 { count.load(ordering: .relaxed) }

  /// A negative amount counts as none.
  package func add(_ amount: Int = 1) { count.wrappingAdd(UInt64(clamping: amount), ordering: .relaxed) }
}
