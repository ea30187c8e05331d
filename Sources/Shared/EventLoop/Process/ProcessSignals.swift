import CLinux
import Glibc

/// SIGTERM, SIGINT and SIGHUP as a stream, instead of as interruptions.
package enum ProcessSignals {
  /// From now on the signals arrive here, and SIGPIPE is ignored. To be called once, first thing in `main`.
  ///
  /// A handler writes to a pipe that a thread reads: blocking the signals and waiting for them would be simpler, but the
  /// main thread of a Swift program ends up in Dispatch, which unblocks them all.
  package static func stream() throws(SystemError) -> AsyncStream<Int32> {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw SystemError("pipe for signals") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // A full pipe must not stop the handler, and with it the thread that it interrupted.
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    guard linux_send_signals_to(ends[1], [SIGTERM, SIGINT, SIGHUP], 3) == 0 else { throw SystemError("sigaction") }
    let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
    let descriptor = ends[0]
    let thread = try NamedThread.start("signals") {
      var number: UInt8 = 0
      while true {
        let count = read(descriptor, &number, 1)
        if count == 1 { continuation.yield(Int32(number)) }
        if count == 0 || count < 0 && errno != EINTR { return }
      }
    }
    pthread_detach(thread)
    return stream
  }
}
