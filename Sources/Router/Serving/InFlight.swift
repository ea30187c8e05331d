import Synchronization

/// How many requests are under way in the process, and how many may be. Shared by all workers.
final class InFlight: Sendable {
  private let count = Atomic<Int>(0)
  /// 0 for no bound.
  let limit: Int

  init(limit: Int) { self.limit = limit }

  var value: Int { count.load(ordering: .relaxed) }

  /// False where the bound is reached; else ``leave()`` must follow.
  func enter() -> Bool {
    let now = count.wrappingAdd(1, ordering: .relaxed).newValue
    guard limit > 0, now > limit else { return true }
    leave()
    return false
  }

  func leave() { count.wrappingSubtract(1, ordering: .relaxed) }
}
