import Glibc

/// Whether a descriptor may be read or written now, and who waits for that. Belongs to the thread of its loop.
///
/// Readiness is edge-triggered: `isReadable` stays true until a call says EAGAIN, or says by a short read that the
/// buffer was drained, which saves that call.
package final class ReadinessHandle {
  package enum Outcome: Sendable {
    case ready
    case timedOut
    /// The handle was closed while somebody waited.
    case closed
  }

  package let descriptor: Int32
  package let loop: EventLoop
  /// Cleared by who has drained the descriptor, or been told EAGAIN; set by the loop.
  package var isReadable = false
  /// Likewise, for writing.
  package var isWritable = false
  /// The peer has closed its sending side, or the connection broke.
  package private(set) var isHangup = false
  package private(set) var isClosed = false

  var slot: UInt32 = 0
  private var reader: UnsafeContinuation<Outcome, Never>?
  private var writer: UnsafeContinuation<Outcome, Never>?
  private var readDeadline = MonotonicTime.distantFuture
  private var writeDeadline = MonotonicTime.distantFuture
  /// The earliest entry for this handle in the loop's timers.
  private var armed = MonotonicTime.distantFuture

  /// Takes over `descriptor`, which must not block, and closes it with ``close()``.
  package init(descriptor: Int32, loop: EventLoop) throws(SystemError) {
    self.descriptor = descriptor
    self.loop = loop
    do throws(SystemError) {
      try loop.register(self)
    } catch {
      Glibc.close(descriptor)
      isClosed = true
      throw error
    }
  }

  deinit {
    assert(isClosed, "descriptor \(descriptor) dropped without being closed")
  }

  /// Ends both waits with ``Outcome/closed``. Calling it again does nothing.
  package func close() {
    guard !isClosed else { return }
    isClosed = true
    loop.unregister(self)
    Glibc.close(descriptor)
    resumeReader(.closed)
    resumeWriter(.closed)
  }

  /// One task waits for each direction. A second one is told at once that the handle is closed, which it is to it: only a
  /// peer that changes its keys (TLS 1.3 KeyUpdate) while it takes no bytes leads there, and it must not end the process.
  package func waitReadable(until deadline: MonotonicTime) async -> Outcome {
    if isClosed { return .closed }
    if isReadable { return .ready }
    arm(deadline)
    return await withUnsafeContinuation { continuation in
      // A task that does not prefer the loop gets here through the loop's queue: others may have run since.
      if isClosed || reader != nil { return continuation.resume(returning: .closed) }
      if isReadable { return continuation.resume(returning: .ready) }
      readDeadline = deadline
      reader = continuation
    }
  }

  /// As ``waitReadable(until:)``.
  package func waitWritable(until deadline: MonotonicTime) async -> Outcome {
    if isClosed { return .closed }
    if isWritable { return .ready }
    arm(deadline)
    return await withUnsafeContinuation { continuation in
      if isClosed || writer != nil { return continuation.resume(returning: .closed) }
      if isWritable { return continuation.resume(returning: .ready) }
      writeDeadline = deadline
      writer = continuation
    }
  }

  /// Ends a wait to read as if its deadline had passed: how an idle connection is asked to leave.
  package func interruptRead() { resumeReader(.timedOut) }

  private func arm(_ deadline: MonotonicTime) {
    guard deadline < armed else { return }
    armed = deadline
    loop.schedule(.deadline(self), due: deadline)
  }

  func deliver(readable: Bool, writable: Bool, hangup: Bool) {
    if hangup { isHangup = true }
    if readable {
      isReadable = true
      resumeReader(.ready)
    }
    if writable {
      isWritable = true
      resumeWriter(.ready)
    }
  }

  func checkDeadlines(at now: MonotonicTime) {
    // An entry that an earlier one has overtaken: `armed` is still to come, and this one is at its end.
    guard armed <= now, !isClosed else { return }
    armed = .distantFuture
    if readDeadline <= now { resumeReader(.timedOut) }
    if writeDeadline <= now { resumeWriter(.timedOut) }
    let next = min(readDeadline, writeDeadline)
    if next < .distantFuture { arm(next) }
  }

  private func resumeReader(_ outcome: Outcome) {
    readDeadline = .distantFuture
    guard let waiting = reader else { return }
    reader = nil
    waiting.resume(returning: outcome)
  }

  private func resumeWriter(_ outcome: Outcome) {
    writeDeadline = .distantFuture
    guard let waiting = writer else { return }
    writer = nil
    waiting.resume(returning: outcome)
  }
}
