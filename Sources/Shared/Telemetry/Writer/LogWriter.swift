/// Writes lines to a file descriptor from a thread of its own, so that a slow reader of the log never slows a caller.
/// Ends its thread, after the last line, when the last reference goes.
package final class LogWriter: LogSink {
  /// How much may wait to be written, in bytes.
  package static let capacity = 1 << 20
  /// How long ``flush()`` waits for a reader that does not read.
  package static let patience: Duration = .seconds(2)

  private let queue: WriterQueue

  /// - Parameters:
  ///   - descriptor: Stays open as long as this writer lives, and is not closed by it.
  ///   - capacity: In bytes.
  ///   - lossReport: Makes the line that tells how many lines were dropped.
  package init(
    descriptor: Int32, capacity: Int = LogWriter.capacity, lossReport: @escaping @Sendable (Int) -> [UInt8]
  ) {
    queue = WriterQueue(capacity: capacity)
    let body = WriterThread(queue: queue, descriptor: descriptor, lossReport: lossReport)
    body.start()
  }

  deinit { queue.close() }

  package func write(_ line: [UInt8]) { queue.append(line) }

  package func flush() { flush(atMost: Self.patience) }

  /// False when the time is over before every line is out.
  @discardableResult
  package func flush(atMost limit: Duration) -> Bool { queue.waitUntilDrained(atMost: limit) }
}
