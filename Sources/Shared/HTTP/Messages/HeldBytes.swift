import Synchronization

/// How many bytes of answers a process holds that are on their way, in or out, and how many it may. Each of them is bounded
/// by itself; this bounds all of them together. Shared by all event loops.
package final class HeldBytes: Sendable {
  /// In bytes.
  package let limit: Int
  private let count = Atomic<Int>(0)

  package init(limit: Int) { self.limit = limit }

  package var value: Int { count.load(ordering: .relaxed) }

  /// Whether so many bytes more would stay within the bound. Others may take the room meanwhile: it is a bound on what is
  /// begun, and passed by a few answers at most.
  package func hasRoom(for more: Int) -> Bool { value <= limit - more }

  fileprivate func add(_ more: Int) { count.wrappingAdd(more, ordering: .relaxed) }
}

/// What one answer holds of ``HeldBytes``, given back when it goes.
struct HeldShare: ~Copyable {
  private let total: HeldBytes?
  private var bytes = 0

  /// Nil counts nowhere.
  init(of total: HeldBytes?) { self.total = total }

  deinit { if bytes > 0 { total?.add(-bytes) } }

  /// Holds `count` bytes in all from now on. False, and as before, where there is no room for what they are more.
  mutating func grow(to count: Int) -> Bool {
    guard let total, count > bytes else { return true }
    guard total.hasRoom(for: count - bytes) else { return false }
    hold(count)
    return true
  }

  /// Holds `count` bytes in all from now on, whether or not there is room.
  mutating func hold(_ count: Int) {
    total?.add(count - bytes)
    bytes = count
  }
}
