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
      let outer = try? NamedThread.start(name) {
        let box = Box<Result>()
        if let inner = try? NamedThread.start(
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

  private final class Box<Value> {
    var value: Value?
  }
}
