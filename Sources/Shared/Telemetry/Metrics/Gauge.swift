import Synchronization

/// A whole number that goes up and down. Kept by whoever measures: an update is one atomic operation. What is not whole,
/// or costs something to find out, is read at the scrape instead (``MetricsRegistry/gauge(_:help:read:)``).
package final class Gauge: Sendable {
  private let number = Atomic<Int>(0)

  init() {}

  /// As it is now.
  package var value: Int { number.load(ordering: .relaxed) }

  /// For a gauge that one place alone keeps; others count up and down, so that no update is lost.
  package func set(_ value: Int) { number.store(value, ordering: .relaxed) }
  package func add(_ amount: Int = 1) { number.wrappingAdd(amount, ordering: .relaxed) }
  package func subtract(_ amount: Int = 1) { number.wrappingSubtract(amount, ordering: .relaxed) }
}
