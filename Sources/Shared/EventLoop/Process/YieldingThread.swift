import CLinux
import Glibc

/// A thread for one long piece of work that gives way to the event loops: where all cores are busy, they get about three
/// quarters of the one that it runs on.
package enum YieldingThread {
  /// As nice(1) has it; each step is worth about a quarter more or less.
  private static let niceness: Int32 = 5

  /// Runs `work`, which knows no task, and returns what it does. Where there can be no further thread it runs here.
  package static func run<Result: Sendable>(
    named name: String, _ work: @escaping @Sendable () -> Result
  ) async -> Result {
    await withUnsafeContinuation { continuation in
      let start = Unmanaged.passRetained(
        Start(name: name) { continuation.resume(returning: work()) })
      var thread = pthread_t()
      let code = pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
          linux_set_thread_name(start.name)
          // Where that is not allowed it runs like any other.
          _ = linux_set_thread_niceness(YieldingThread.niceness)
          start.work()
          return nil
        }, start.toOpaque())
      guard code == 0 else { return start.takeRetainedValue().work() }
      pthread_detach(thread)
    }
  }

  private final class Start {
    let name: String
    let work: () -> Void

    init(name: String, work: @escaping () -> Void) {
      self.name = name
      self.work = work
    }
  }
}
