import Glibc

/// The thread behind a ``LogWriter``.
final class WriterThread: Sendable {
  private let queue: WriterQueue
  private let descriptor: Int32
  private let lossReport: @Sendable (Int) -> [UInt8]

  init(queue: WriterQueue, descriptor: Int32, lossReport: @escaping @Sendable (Int) -> [UInt8]) {
    self.queue = queue
    self.descriptor = descriptor
    self.lossReport = lossReport
  }

  func start() {
    // Signals are for the threads that wait for them: this one starts with all of them blocked.
    var all = sigset_t()
    var previous = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }

    var thread = pthread_t()
    let body = Unmanaged.passRetained(self)
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<WriterThread>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, body.toOpaque())
    if code == 0 {
      pthread_detach(thread)
    } else {
      body.release()
    }
  }

  private func run() {
    while let (bytes, lost) = queue.next() {
      write(lost == 0 ? bytes : bytes + lossReport(lost))
    }
  }

  /// Writes all of it, or gives up where the descriptor is closed or broken: there is nowhere left to say so.
  private func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&ready, 1, -1)
      } else if errno != EINTR {
        return
      }
    }
  }
}
