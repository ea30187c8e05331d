import Glibc

/// SIGTERM, SIGINT and SIGHUP as a stream, instead of as interruptions.
package enum ProcessSignals {
  /// Blocks the signals for the whole process and ignores SIGPIPE. To be called first thing in `main`, since threads
  /// inherit the mask; a dedicated thread then waits for them.
  package static func stream() -> AsyncStream<Int32> {
    signal(SIGPIPE, SIG_IGN)
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, number) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
    let waiter = Unmanaged.passRetained(Waiter(set: set, continuation: continuation))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let waiter = Unmanaged<Waiter>.fromOpaque(argument).takeRetainedValue()
        var number: Int32 = 0
        while sigwait(&waiter.set, &number) == 0 { waiter.continuation.yield(number) }
        return nil
      }, waiter.toOpaque())
    if code != 0 {
      waiter.release()
      continuation.finish()
    } else {
      pthread_detach(thread)
    }
    return stream
  }

  private final class Waiter {
    var set: sigset_t
    let continuation: AsyncStream<Int32>.Continuation

    init(set: sigset_t, continuation: AsyncStream<Int32>.Continuation) {
      self.set = set
      self.continuation = continuation
    }
  }
}
