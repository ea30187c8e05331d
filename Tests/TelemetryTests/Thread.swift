import Glibc

/// Runs a body on a thread of its own, where it may block, and hands back what it returns.
final class Thread<Result: Sendable>: @unchecked Sendable {
  // Sound: `result` is written before the thread ends and read after it was joined.
  private let body: @Sendable () -> Result
  private var result: Result?
  private var thread = pthread_t()

  init(_ body: @escaping @Sendable () -> Result) {
    self.body = body
    pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let thread = Unmanaged<AnyThread>.fromOpaque(context).takeRetainedValue()
        thread.run()
        return nil
      }, Unmanaged.passRetained(AnyThread { self.result = self.body() }).toOpaque())
  }

  func join() -> Result {
    pthread_join(thread, nil)
    guard let result else { preconditionFailure("the thread ended without a result") }
    return result
  }
}

private final class AnyThread {
  let run: () -> Void

  init(_ run: @escaping () -> Void) { self.run = run }
}
