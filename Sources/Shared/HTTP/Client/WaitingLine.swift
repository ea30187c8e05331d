import EventLoop

/// Those who wait, in the order in which they came, for something that another task of the same loop will bring about; none
/// of them beyond its deadline. However many come and go, the loop keeps one timer for them.
final class WaitingLine<Value: Sendable> {
  private struct Waiter {
    var deadline: MonotonicTime
    var continuation: UnsafeContinuation<Value?, Never>
  }

  private let loop: EventLoop
  private var waiters: [Waiter] = []
  /// The earliest entry for this line in the loop's timers.
  private var armed = MonotonicTime.distantFuture

  init(loop: EventLoop) { self.loop = loop }

  var count: Int { waiters.count }

  /// What ``resumeFirst(_:)`` or ``resumeAll(_:)`` brings, or nil at `deadline`.
  func wait(until deadline: MonotonicTime) async -> Value? {
    arm(deadline)
    return await withUnsafeContinuation { waiters.append(Waiter(deadline: deadline, continuation: $0)) }
  }

  /// False where nobody waits.
  func resumeFirst(_ value: Value) -> Bool {
    guard !waiters.isEmpty else { return false }
    waiters.removeFirst().continuation.resume(returning: value)
    return true
  }

  func resumeAll(_ value: Value) {
    let told = waiters
    waiters = []
    for waiter in told { waiter.continuation.resume(returning: value) }
  }

  private func arm(_ deadline: MonotonicTime) {
    guard deadline < armed else { return }
    armed = deadline
    loop.at(deadline) { self.expire() }
  }

  private func expire() {
    // A loop that ends wakes everybody, whatever the time.
    let now = loop.isEnding ? MonotonicTime.distantFuture : loop.now
    // An entry that an earlier one has overtaken: `armed` is still to come.
    guard armed <= now else { return }
    armed = .distantFuture
    let told = waiters.filter { $0.deadline <= now }
    waiters.removeAll { $0.deadline <= now }
    if let next = waiters.map(\.deadline).min() { arm(next) }
    for waiter in told { waiter.continuation.resume(returning: nil) }
  }
}
