import Glibc
import Synchronization

/// HTTP for the control plane: API servers, metrics adapters asked for their lists.
///
/// One thread of its own runs libcurl; connections are pooled by destination and TLS settings, and shared by HTTP/2
/// where the server speaks it. Redirects are never followed. End it with ``shutdown()``; one that is merely dropped
/// ends its thread a moment later.
package final class CurlTransport: Sendable {
  private let mailbox: CurlMailbox
  private let thread: Mutex<pthread_t?>

  /// Throws `.local` where libcurl or the thread cannot be started.
  package init() throws(TransportError) {
    guard let loop = CurlLoop() else {
      throw TransportError(.local, operation: "start the HTTP client", message: "libcurl cannot be initialised")
    }
    mailbox = loop.mailbox
    do {
      thread = Mutex(try DedicatedThread.start { loop.run()?.resume() })
    } catch {
      throw TransportError(.local, operation: "start the HTTP client", message: error.message)
    }
  }

  deinit {
    mailbox.post(.stop(nil))
    if let thread = thread.withLock({ $0.take() }) { pthread_detach(thread) }
  }

  /// Returns the answer whatever its status. Cancelling the task ends the exchange.
  package func send(_ request: CurlRequest) async throws(TransportError) -> CurlResponse {
    let ticket = ExchangeTicket()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in start(ticket, request, .whole(continuation)) }
    } onCancel: {
      cancel(ticket)
    }
    return try result.get()
  }

  /// Returns as soon as the head of the answer has arrived.
  package func open(_ request: CurlRequest) async throws(TransportError) -> CurlStream {
    let ticket = ExchangeTicket()
    let buffer = StreamBuffer()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        start(ticket, request, .stream(buffer, head: continuation))
      }
    } onCancel: {
      cancel(ticket)
    }
    let reader = StreamReader(buffer, ticket, mailbox)
    return CurlStream(head: try result.get(), body: AsyncThrowingStream { try await reader.next() })
  }

  /// Ends what is under way with `.cancelled`, closes all connections and waits for the thread.
  package func shutdown() async {
    guard let thread = thread.withLock({ $0.take() }) else { return }
    await withCheckedContinuation { continuation in
      if !mailbox.post(.stop(continuation)) { continuation.resume() }
    }
    pthread_join(thread, nil)
  }

  private func start(_ ticket: ExchangeTicket, _ request: CurlRequest, _ receiver: CurlExchange.Receiver) {
    guard !mailbox.post(.start(ticket, request, receiver)) else { return }
    receiver.fail(TransportError(.cancelled, operation: request.operation, message: CurlLoop.stopped))
  }

  private func cancel(_ ticket: ExchangeTicket) {
    ticket.cancel()
    mailbox.post(.cancel(ticket))
  }
}

/// Reads a stream's body; the exchange ends with it.
private final class StreamReader: Sendable {
  private let buffer: StreamBuffer
  private let ticket: ExchangeTicket
  private let mailbox: CurlMailbox

  init(_ buffer: StreamBuffer, _ ticket: ExchangeTicket, _ mailbox: CurlMailbox) {
    self.buffer = buffer
    self.ticket = ticket
    self.mailbox = mailbox
  }

  deinit {
    ticket.cancel()
    mailbox.post(.cancel(ticket))
  }

  func next() async throws(TransportError) -> [UInt8]? {
    let result: Result<[UInt8]?, TransportError> = await withTaskCancellationHandler {
      do throws(TransportError) {
        return .success(try await buffer.next { mailbox.post(.resume(ticket)) })
      } catch {
        return .failure(error)
      }
    } onCancel: {
      ticket.cancel()
      mailbox.post(.cancel(ticket))
    }
    return try result.get()
  }
}
