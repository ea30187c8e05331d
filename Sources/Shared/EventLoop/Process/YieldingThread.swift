import CLinux
import Glibc

/// A thread for one long piece of work that gives way to the event loops: where all cores are busy, they get about three
/// quarters of the one that it runs on.
package enum YieldingThread {
  /// As nice(1) has it; each step is worth about a quarter more or less.
  private static let niceness: Int32 = 5

  /// Runs `work`, which knows no task, and returns what it does. Where there can be no further thread it runs as any other.
  ///
  /// A second thread waits for it and goes on: what that starts, threads of Swift's own among it, would inherit the
  /// niceness, and could never get rid of it.
  package static func run<Result: Sendable>(
    named name: String, _ work: @escaping @Sendable () -> Result
  ) async -> Result {
    await withUnsafeContinuation { continuation in
      let outer = start(name) {
        let box = Box<Result>()
        if let inner = start(
          name,
          {
            // Where that is not allowed it is like any other.
            _ = linux_set_thread_niceness(niceness)
            box.value = work()
          })
        {
          pthread_join(inner, nil)
        }
        continuation.resume(returning: box.value ?? work())
      }
      if let outer { pthread_detach(outer) } else { continuation.resume(returning: work()) }
    }
  }

  /// Nil where there can be no further thread.
  private static func start(_ name: String, _ body: @escaping () -> Void) -> pthread_t? {
    let start = Unmanaged.passRetained(Start(name: name, body: body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        linux_set_thread_name(start.name)
        start.body()
        return nil
      }, start.toOpaque())
    guard code == 0 else {
      start.release()
      return nil
    }
    return thread
  }

  private final class Start {
    let name: String
    let body: () -> Void

    init(name: String, body: @escaping () -> Void) {
      self.name = name
      self.body = body
    }
  }

  private final class Box<Value> {
    var value: Value?
  }
}
