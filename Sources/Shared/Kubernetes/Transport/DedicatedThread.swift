import Glibc

/// Starts threads for work that blocks, which must not be done on the threads tasks share.
enum DedicatedThread {
  /// The code `pthread_create` returned.
  struct Failure: Error {
    var code: Int32
    var message: String { String(cString: strerror(code)) }
  }

  private final class Work {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  /// Every signal is blocked in the thread: signals belong to the process's own threads, and a write to a closed
  /// connection must not raise SIGPIPE. The caller joins or detaches the thread.
  static func start(_ body: sending @escaping () -> Void) throws(Failure) -> pthread_t {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    guard code == 0 else {
      work.release()
      throw Failure(code: code)
    }
    return thread
  }
}
