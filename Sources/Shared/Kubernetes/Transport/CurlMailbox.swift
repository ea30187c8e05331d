import CCurl
import Synchronization

/// What other threads ask of the transport's thread, and the bell that wakes it.
final class CurlMailbox: Sendable {
  enum Command: Sendable {
    case start(ExchangeTicket, CurlRequest, CurlExchange.Receiver)
    case cancel(ExchangeTicket)
    case resume(ExchangeTicket)
    case stop(CheckedContinuation<Void, Never>?)
  }

  private struct State {
    var commands: [Command] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  // Sound: curl_multi_wakeup may be called from any thread, and is so only under the mutex and before `close`.
  private nonisolated(unsafe) let multi: UnsafeMutableRawPointer

  init(_ multi: UnsafeMutableRawPointer) {
    self.multi = multi
  }

  /// Returns false where the thread takes no more commands.
  @discardableResult
  func post(_ command: Command) -> Bool {
    state.withLock { state in
      guard !state.isClosed else { return false }
      state.commands.append(command)
      curl_multi_wakeup(multi)
      return true
    }
  }

  func take() -> [Command] {
    state.withLock { state in
      defer { state.commands = [] }
      return state.commands
    }
  }

  /// Returns what was posted last. From here on the multi handle may be freed.
  func close() -> [Command] {
    state.withLock { state in
      state.isClosed = true
      defer { state.commands = [] }
      return state.commands
    }
  }
}

/// Names one exchange across threads, and remembers that it was cancelled even before it began.
final class ExchangeTicket: Sendable {
  private let cancelled = Atomic(false)

  var isCancelled: Bool { cancelled.load(ordering: .acquiring) }
  func cancel() { cancelled.store(true, ordering: .releasing) }
}
