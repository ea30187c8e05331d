import EventLoop
import TLS

/// One caller's connection of HTTP/2 (RFC 9113): many requests at once, each answered by a task of its own.
///
/// One task reads. Whoever has something to send writes, and takes along what others have left meanwhile. A caller that
/// does not read is not read from either: what it may have waiting here is bounded by its streams.
final class HTTP2ServerConnection: ProtocolConnection {
  /// How often streams whose answer is not taken are looked for.
  private static let sweepInterval = Duration.seconds(1)
  /// Bytes taken from the session for one write.
  private static let writeSize = 64 * 1024

  private enum Phase {
    case serving
    case noticed(at: MonotonicTime)
    case leaving
  }

  private let stream: ByteStream
  private let context: ConnectionContext
  private let configuration: HTTPServer.Configuration
  private let state: ServerState
  private let responder: any Responder
  private let begin: (Int32) -> Void
  private let session: HTTP2Session
  private let startedAt: MonotonicTime
  private var sweptAt: MonotonicTime
  private let received: ReceiveBuffer
  private var output: [UInt8] = []
  private var isFlushing = false
  /// The task that reads, while it waits for another one's flush.
  private var reader: UnsafeContinuation<Void, Never>?
  private var phase = Phase.serving
  /// Requests that a task answers. A stream that was reset counts until its task has ended: a caller cannot have more at
  /// work here than it may have streams.
  private var running = 0
  private var activeAt: MonotonicTime

  init(
    stream: ByteStream, context: ConnectionContext, configuration: HTTPServer.Configuration, state: ServerState,
    responder: any Responder, begin: @escaping (Int32) -> Void
  ) throws(HTTP2Error) {
    self.stream = stream
    received = ReceiveBuffer(loop: stream.socket.handle.loop)
    self.context = context
    self.configuration = configuration
    self.state = state
    self.responder = responder
    self.begin = begin
    var limits = HTTP2Session.Limits()
    limits.concurrentStreams = configuration.maximumStreams
    limits.headerBytes = configuration.maximumHeaderBytes
    limits.held = configuration.unsent
    session = try HTTP2Session(role: .server, limits: limits)
    startedAt = stream.socket.handle.loop.now
    sweptAt = startedAt
    activeAt = startedAt
  }

  private var loop: EventLoop { stream.socket.handle.loop }

  func leave() { stream.socket.handle.interruptRead() }

  // MARK: Reading

  func run() async {
    do {
      var turn = ReadingTurn()
      while true {
        look()
        try await flush()
        guard !isFlushing else {
          await flushed()
          continue
        }
        guard !session.isFinished else { return }
        let deadline = deadline()
        if deadline <= loop.now {
          guard expire() else { return try await flush() }
        } else {
          try await read(until: deadline)
        }
        if turn.isOver(on: loop) { await ReadingTurn.pass(on: loop) }
      }
    } catch {
      // The caller is gone, too slow, or speaks something else: there is nobody to tell.
    }
  }

  private func read(until deadline: MonotonicTime) async throws {
    let count: Int
    do throws(StreamError) {
      count = try await stream.read(deadline: deadline, into: received.room)
    } catch .timedOut {
      return
    }
    guard count > 0 else { throw StreamError.broken("the caller has ended the connection") }
    received.received(count)
    try session.receive(received.unread, at: loop.now)
    received.use(count)
    let events = session.events
    session.events.removeAll(keepingCapacity: true)
    for event in events {
      switch event {
      case .request(let id): accept(id)
      case .closed: if session.streams.isEmpty { activeAt = loop.now }
      case .goAway: continue
      }
    }
  }

  private func accept(_ id: Int32) {
    guard running < configuration.maximumStreams else { return session.reset(id, .refusedStream) }
    running += 1
    begin(id)
  }

  // MARK: Times

  private var hasWork: Bool { running > 0 || !session.streams.isEmpty }

  /// When to look again, if nothing arrives.
  private func deadline() -> MonotonicTime {
    if let open = session.openHead { return open.since + configuration.headerTimeout }
    if !session.hasPeerSettings { return startedAt + configuration.headerTimeout }
    if case .noticed(let time) = phase { return time + ServerState.noticeTime }
    if hasWork { return loop.now + Self.sweepInterval }
    if case .leaving = phase { return loop.now }
    return activeAt + configuration.idleTimeout
  }

  /// What follows from a deadline that has passed. False where the connection is to end.
  private func expire() -> Bool {
    if session.openHead != nil || !session.hasPeerSettings { return false }
    switch phase {
    case .serving: announceEnd()
    case .noticed:
      session.goAway()
      phase = .leaving
    case .leaving: return false
    }
    return true
  }

  private func announceEnd() {
    session.announceGoAway()
    phase = .noticed(at: loop.now)
  }

  /// Gives up answers that the caller does not take, and begins to leave when the server does.
  private func look() {
    let now = loop.now
    if sweptAt + Self.sweepInterval <= now {
      sweptAt = now
      for stream in session.streams.values where stream.sendDeadline <= now { session.reset(stream.id, .cancel) }
    }
    if state.isDraining, case .serving = phase { announceEnd() }
  }

  // MARK: Answering

  /// Answers the request on a stream; called by the task that `begin` started.
  func answer(_ id: Int32) async {
    let response = await response(id)
    running -= 1
    activeAt = loop.now
    if let response {
      session.answer(
        id, response.0, date: state.date.now(), includesBody: response.includesBody,
        deadline: loop.now + configuration.writeTimeout)
      if response.0.closesConnection, case .serving = phase {
        announceEnd()
        leave()
      }
    }
    // Others that are about to answer go first, so that one record and one system call carry all of it.
    if running > 0 { await Task.yield() }
    do {
      try await flush()
    } catch {
      stream.close()
    }
    if case .leaving = phase, !hasWork { leave() }
  }

  private func response(_ id: Int32) async -> (Response, includesBody: Bool)? {
    guard let stream = session.streams[id] else { return nil }
    guard !stream.received.isTooLarge else {
      return (refusal(431, "header fields larger than \(session.limits.headerBytes) bytes"), true)
    }
    guard let request = stream.received.request(hasBody: !stream.isRemoteEnded) else {
      return (refusal(400, "malformed request target"), true)
    }
    return (await responder.respond(to: request, on: context), request.method != .head)
  }

  private func refusal(_ status: Int, _ message: String) -> Response {
    .text(status, "\(status) \(reasonPhrase(status)): \(message)\n")
  }

  /// Streams that ended by what was sent: nobody waits for them, and each holds a whole answer.
  private func forgetClosed() {
    guard !session.events.isEmpty else { return }
    session.events.removeAll(keepingCapacity: true)
    if session.streams.isEmpty { activeAt = loop.now }
  }

  /// Returns when the flush that is under way in another task has ended: what is read meanwhile would only add to what
  /// the caller does not take.
  private func flushed() async { await withUnsafeContinuation { reader = $0 } }

  private func flush() async throws {
    guard !isFlushing else { return }
    isFlushing = true
    defer {
      isFlushing = false
      reader.take()?.resume()
    }
    while session.wantsToSend {
      output.removeAll(keepingCapacity: true)
      try session.send(into: &output, limit: Self.writeSize)
      forgetClosed()
      guard !output.isEmpty else { return }
      try await stream.write(output, deadline: loop.now + configuration.writeTimeout)
    }
    if output.capacity > Self.writeSize { output = [] }
  }
}
