import EventLoop
import TLS

/// One connection to a backend that carries many exchanges of HTTP/2 at once.
///
/// It has no task of its own. Of those who wait for an answer one reads for all, until its own answer is whole; then the
/// next one does. Whoever sends takes along what others have left.
final class HTTP2ClientConnection {
  /// Bytes taken from the session for one write.
  private static let writeSize = 64 * 1024

  /// One who waits while another reads.
  private final class Exchange {
    let stream: HTTP2Stream
    let deadline: MonotonicTime
    let began: MonotonicTime
    var outcome: Result<ReceivedResponse, HTTP2ExchangeFailure>?
    var continuation: UnsafeContinuation<Void, Never>?

    init(stream: HTTP2Stream, deadline: MonotonicTime, began: MonotonicTime) {
      self.stream = stream
      self.deadline = deadline
      self.began = began
    }

    func finish(_ outcome: Result<ReceivedResponse, HTTP2ExchangeFailure>) {
      guard self.outcome == nil else { return }
      self.outcome = outcome
      wake()
    }

    func wake() {
      continuation?.resume()
      continuation = nil
    }
  }

  private let stream: ByteStream
  private let session: HTTP2Session
  private let received: ReceiveBuffer
  private var output: [UInt8] = []
  private var written = 0
  private var exchanges: [Int32: Exchange] = [:]
  private var isReading = false
  private var isWriting = false
  /// Never later than the earliest of the exchanges' deadlines.
  private var nextDeadline = MonotonicTime.distantFuture
  /// When an answer was last whole.
  private var answeredAt: MonotonicTime
  /// Whether it takes no further requests: the backend has said so, or it has fallen silent.
  private var isRetiring = false
  private(set) var idleSince: MonotonicTime

  init(stream: ByteStream, bodyLimit: Int, held: HeldBytes?) throws(HTTP2Error) {
    self.stream = stream
    received = ReceiveBuffer(loop: stream.socket.handle.loop)
    var limits = HTTP2Session.Limits()
    limits.bodyBytes = bodyLimit
    limits.held = held
    session = try HTTP2Session(role: .client, limits: limits)
    answeredAt = stream.socket.handle.loop.now
    idleSince = answeredAt
  }

  private var loop: EventLoop { stream.socket.handle.loop }

  var load: Int { exchanges.count }
  var isIdle: Bool { exchanges.isEmpty }

  /// Whether it will never carry another exchange. A backend that allows no stream at all is dialled anew, lest
  /// connections to it pile up.
  var isSpent: Bool {
    isRetiring || stream.socket.isClosed || stream.socket.handle.isHangup || !session.allowsRequest
      || session.peerConcurrency == 0
  }

  /// Whether another exchange may begin now. Before the backend's SETTINGS have come, RFC 9113 §6.5.2 suggests 100.
  var hasRoom: Bool { !isSpent && exchanges.count < min(session.peerConcurrency, session.limits.concurrentStreams) }

  /// Closes after the one exchange that it was opened for.
  func closeAfterUse() { isRetiring = true }

  /// Takes no further exchange, and closes once those under way have ended.
  func retire() {
    isRetiring = true
    if exchanges.isEmpty { close() }
  }

  func close() {
    session.terminate(.noError)
    try? flushAvailable()
    fail(.broken("connection closed"))
  }

  /// Sends `request` and waits for the whole answer.
  func exchange(
    _ request: ClientRequest, deadline: MonotonicTime
  ) async throws(HTTP2ExchangeFailure) -> ReceivedResponse {
    let exchange: Exchange
    do throws(HTTP2Error) {
      exchange = Exchange(stream: try session.open(request), deadline: deadline, began: loop.now)
    } catch {
      isRetiring = true
      throw HTTP2ExchangeFailure(error: .broken(error.description), mayRetry: true)
    }
    exchanges[exchange.stream.id] = exchange
    if deadline < nextDeadline {
      nextDeadline = deadline
      // Whoever reads has gone to wait for longer than that.
      if isReading { stream.socket.handle.interruptRead() }
    }
    defer {
      exchanges[exchange.stream.id] = nil
      idleSince = loop.now
      if isRetiring { retire() }
      // Somebody has to read on for those who still wait.
      if !isReading { exchanges.values.first { $0.outcome == nil && $0.continuation != nil }?.wake() }
    }
    // Others that are about to send go first, so that one record and one system call carry all of it.
    if exchanges.count > 1 { await Task.yield() }
    await write(until: deadline)
    while exchange.outcome == nil {
      if isReading {
        await withUnsafeContinuation { continuation in
          // A task that does not prefer the loop as its executor gets here through the loop's queue: others may have run
          // since.
          if isReading, exchange.outcome == nil {
            exchange.continuation = continuation
          } else {
            continuation.resume()
          }
        }
      } else {
        await readForAll(until: exchange)
      }
    }
    guard let outcome = exchange.outcome else {
      throw HTTP2ExchangeFailure(error: .broken("no answer"), mayRetry: false)
    }
    return try outcome.get()
  }

  // MARK: Writing

  private func write(until deadline: MonotonicTime) async {
    guard !isWriting else { return }
    isWriting = true
    defer { isWriting = false }
    do {
      while try fill() {
        written += try await stream.writeSome(output, from: written, deadline: deadline)
      }
      endIfFinished()
    } catch StreamError.timedOut {
      // What is left over waits for the next one who writes; the exchange itself is ended by whoever reads.
    } catch let error as StreamError {
      fail(ExchangeError(error, while: "sending the request"))
    } catch {
      fail(.broken("\(error)"))
    }
  }

  /// Whether there is something to write, which is in `output` then.
  private func fill() throws(HTTP2Error) -> Bool {
    if written < output.count { return true }
    written = 0
    output.removeAll(keepingCapacity: true)
    if session.wantsToSend {
      try session.send(into: &output, limit: Self.writeSize)
      // A stream that this side gives up is closed by the frame that says so.
      handleEvents()
    }
    return !output.isEmpty
  }

  /// Writes what the socket takes at once.
  private func flushAvailable() throws {
    guard !isWriting else { return }
    while try fill() {
      guard let count = try stream.writeAvailable(output, from: written) else { return }
      written += count
    }
  }

  // MARK: Reading

  private func readForAll(until own: Exchange) async {
    isReading = true
    defer { isReading = false }
    var turn = ReadingTurn()
    while own.outcome == nil {
      do throws(StreamError) {
        let count = try await stream.read(deadline: nextDeadline, into: received.room)
        take(count)
        await write(until: nextDeadline)
      } catch .timedOut {
        expire()
      } catch {
        fail(ExchangeError(error, while: "waiting for the answer"))
      }
      // Of a backend that never stops sending no read ever waits, and so none is ever out of time.
      if turn.isOver(on: loop) {
        await ReadingTurn.pass(on: loop)
        if nextDeadline <= .now() { expire() }
      }
    }
  }

  /// What was read, 0 for the end of the stream.
  private func take(_ count: Int) {
    guard count > 0 else { return fail(.broken("connection closed before the end of the answer")) }
    received.received(count)
    do throws(HTTP2Error) {
      try session.receive(received.unread, at: loop.now)
      received.use(received.unread.count)
    } catch {
      return fail(.protocolViolation(error.description))
    }
    handleEvents()
    endIfFinished()
  }

  /// Nothing more will come: the backend has said so, or broken the rules and been told.
  private func endIfFinished() {
    guard session.isFinished else { return }
    fail(
      session.complaint.map { .protocolViolation("\($0)") } ?? .broken("the backend has ended the connection"))
  }

  private func handleEvents() {
    let events = session.events
    session.events.removeAll(keepingCapacity: true)
    for event in events {
      switch event {
      case .request: continue
      case .closed(let stream, let code): finish(stream, code)
      case .goAway(let last, let code): retire(after: last, code)
      }
    }
  }

  private func finish(_ stream: HTTP2Stream, _ code: HTTP2Error.Code) {
    guard let exchange = exchanges[stream.id], exchange.outcome == nil else { return }
    answeredAt = loop.now
    if let violation = stream.violation {
      // Who sends these without end may not stop because it is told to.
      if case .unexpectedInformational = violation { isRetiring = true }
      exchange.finish(.failure(HTTP2ExchangeFailure(error: ExchangeError(violation), mayRetry: false)))
    } else if code == .noError, stream.isHeadComplete, stream.isRemoteEnded {
      let status = stream.received.status
      exchange.finish(
        status <= 599
          ? .success(ReceivedResponse(status: status, headers: stream.received.block, body: stream.body))
          : .failure(HTTP2ExchangeFailure(error: .malformed(.malformedStatusLine), mayRetry: false)))
    } else if code == .protocolError {
      exchange.finish(
        .failure(HTTP2ExchangeFailure(error: .protocolViolation("\(code)"), mayRetry: false)))
    } else {
      exchange.finish(
        .failure(
          HTTP2ExchangeFailure(error: .broken("stream reset with \(code)"), mayRetry: code == .refusedStream)))
    }
  }

  /// The backend goes: what it will not process may be asked elsewhere (RFC 9113 §6.8).
  private func retire(after last: Int32, _ code: HTTP2Error.Code) {
    isRetiring = true
    for (id, exchange) in exchanges where id > last {
      exchange.finish(.failure(HTTP2ExchangeFailure(error: .broken("the backend goes away (\(code))"), mayRetry: true)))
    }
  }

  private func expire() {
    let now = MonotonicTime.now()
    var next = MonotonicTime.distantFuture
    for exchange in exchanges.values where exchange.outcome == nil {
      guard exchange.deadline <= now else {
        next = min(next, exchange.deadline)
        continue
      }
      // Nothing was answered since it began: the connection, or who serves it, is gone or stuck, and the next would fare
      // no better.
      if answeredAt <= exchange.began { isRetiring = true }
      session.reset(exchange.stream.id, .cancel)
      let phase = exchange.stream.isHeadComplete ? "reading the answer" : "waiting for the answer"
      exchange.finish(.failure(HTTP2ExchangeFailure(error: .timedOut(phase), mayRetry: false)))
    }
    nextDeadline = next
    do { try flushAvailable() } catch { fail(.broken("\(error)")) }
  }

  /// Ends the connection and all that it carries. What the backend has not begun to answer may be asked once more.
  private func fail(_ error: ExchangeError) {
    isRetiring = true
    for exchange in exchanges.values {
      let mayRetry = if case .broken = error { !exchange.stream.isHeadComplete } else { false }
      exchange.finish(.failure(HTTP2ExchangeFailure(error: error, mayRetry: mayRetry)))
    }
    stream.close()
  }

  /// Takes what has come while nobody waited: a PING to answer, new SETTINGS, the end.
  func tend() {
    guard !isReading, !stream.socket.isClosed else { return }
    var turn = ReadingTurn()
    do throws(StreamError) {
      repeat {
        guard let count = try stream.readAvailable(into: received.room) else { break }
        take(count)
      } while !stream.socket.isClosed && !turn.isOver(on: loop)
    } catch {
      fail(ExchangeError(error, while: "waiting"))
    }
    guard !stream.socket.isClosed else { return }
    do { try flushAvailable() } catch { fail(.broken("\(error)")) }
  }
}

/// Why an exchange of HTTP/2 failed, and whether the backend can be asked again: it has not begun to answer, or has said
/// that it will not.
struct HTTP2ExchangeFailure: Error {
  var error: ExchangeError
  var mayRetry: Bool
}
