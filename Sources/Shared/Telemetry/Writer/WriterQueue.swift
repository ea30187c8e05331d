import Synchronization

/// What callers and the writing thread share. The lock is held only while bytes are copied or moved, never while
/// they are written.
final class WriterQueue: Sendable {
  private struct State {
    var buffer: LineBuffer
    /// A batch has been taken and is not out yet.
    var isWriting = false
    var isClosed = false
    var waiting: [Signal] = []
  }

  private let state: Mutex<State>
  private let work = Signal()

  init(capacity: Int) {
    state = Mutex(State(buffer: LineBuffer(capacity: capacity)))
  }

  func append(_ line: [UInt8]) {
    let wasEmpty = state.withLock { state in
      defer { state.buffer.append(line) }
      return state.buffer.isEmpty
    }
    if wasEmpty { work.raise() }
  }

  func close() {
    state.withLock { $0.isClosed = true }
    work.raise()
  }

  /// The next batch, waiting for one; nil when the queue is closed and empty. Asking for it says that the last is out.
  func next() -> (bytes: [UInt8], lost: Int)? {
    while true {
      let (batch, isClosed, drained) = state.withLock { state in
        guard !state.buffer.isEmpty else {
          state.isWriting = false
          defer { state.waiting = [] }
          return (nil as (bytes: [UInt8], lost: Int)?, state.isClosed, state.waiting)
        }
        state.isWriting = true
        return (state.buffer.drain(), state.isClosed, [])
      }
      for signal in drained { signal.raise() }
      if let batch { return batch }
      if isClosed { return nil }
      work.wait()
    }
  }

  func waitUntilDrained(atMost limit: Duration) -> Bool {
    let signal = state.withLock { state -> Signal? in
      guard state.isWriting || !state.buffer.isEmpty else { return nil }
      let signal = Signal()
      state.waiting.append(signal)
      return signal
    }
    return signal?.wait(atMost: limit) ?? true
  }
}
