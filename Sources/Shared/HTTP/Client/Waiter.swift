import EventLoop

/// One who waits for something that another task of the same loop will bring about, but not beyond a deadline.
final class Waiter<Value: Sendable> {
  private var continuation: UnsafeContinuation<Value?, Never>?

  /// The value, or nil at `deadline`. `register` makes the waiter known to whoever will resume it.
  static func wait(
    on loop: EventLoop, until deadline: MonotonicTime, register: (Waiter) -> Void
  ) async -> Value? {
    let waiter = Waiter()
    register(waiter)
    loop.at(deadline) { waiter.finish(nil) }
    return await withUnsafeContinuation { waiter.continuation = $0 }
  }

  /// Whether it still waits.
  var isWaiting: Bool { continuation != nil }

  func resume(_ value: Value) { finish(value) }

  private func finish(_ value: Value?) {
    continuation?.resume(returning: value)
    continuation = nil
  }
}
