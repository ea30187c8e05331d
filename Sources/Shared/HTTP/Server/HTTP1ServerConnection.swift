import EventLoop
import TLS

/// One caller's connection of HTTP/1.1: requests one after another, pipelined ones included, until either side ends it.
final class HTTP1ServerConnection: ProtocolConnection {
  private static let lingerTime = Duration.seconds(1)
  private static let lingerBytes = 1 << 20
  /// Requests answered in a row before other connections have their turn, however many are waiting here.
  private static let requestsPerTurn = 8

  private let stream: ByteStream
  private let context: ConnectionContext
  private let configuration: HTTPServer.Configuration
  private let state: ServerState
  private let responder: any Responder
  private let received: ReceiveBuffer
  private var parser: HTTP1RequestParser
  private var output: [UInt8] = []
  private var isIdle = false
  /// When it ends although nothing is wrong with it, because the server does.
  private var leavesAt: MonotonicTime?

  init(
    stream: ByteStream, context: ConnectionContext, configuration: HTTPServer.Configuration, state: ServerState,
    responder: any Responder
  ) {
    self.stream = stream
    received = ReceiveBuffer(loop: stream.socket.handle.loop)
    self.context = context
    self.configuration = configuration
    self.state = state
    self.responder = responder
    parser = HTTP1RequestParser(limit: configuration.maximumHeaderBytes)
  }

  private var loop: EventLoop { stream.socket.handle.loop }

  func leave() { if isIdle { stream.socket.handle.interruptRead() } }

  func run() async {
    do throws(StreamError) {
      var served = 0
      while let request = try await nextRequest() {
        let response = await responder.respond(to: request, on: context)
        guard try await answer(request, with: response) else { return }
        served += 1
        if served % Self.requestsPerTurn == 0 { await Task.yield() }
      }
    } catch {
      // The caller is gone or too slow: there is nobody to tell.
    }
  }

  /// The next request, or nil when the connection ends between two of them.
  private func nextRequest() async throws(StreamError) -> RequestHead? {
    var deadline: MonotonicTime?
    while true {
      if !received.isEmpty {
        do throws(MessageError) {
          if case .complete(let head, let consumed) = try parser.parse(received.unread) {
            received.use(consumed)
            return head
          }
        } catch {
          try await refuse(error)
          return nil
        }
        if deadline == nil { deadline = loop.now + configuration.headerTimeout }
      }
      isIdle = received.isEmpty
      if isIdle, state.isDraining, leavesAt == nil { leavesAt = loop.now + ServerState.noticeTime }
      if isIdle, let leavesAt, leavesAt <= loop.now { return nil }
      let count: Int
      do throws(StreamError) {
        count = try await stream.read(
          deadline: deadline ?? leavesAt ?? loop.now + configuration.idleTimeout, into: received.room)
      } catch {
        isIdle = false
        guard error == .timedOut, deadline == nil else { throw error }
        if leavesAt == nil, state.isDraining { continue }
        return nil
      }
      isIdle = false
      guard count > 0 else { return nil }
      received.received(count)
    }
  }

  /// Returns whether the connection lives on.
  private func answer(_ request: RequestHead, with response: Response) async throws(StreamError) -> Bool {
    // A body that nobody reads would be taken for the next request.
    let keepsAlive = request.keepsAlive && !request.hasBody && !response.closesConnection && !state.isDraining
    var share = HeldShare(of: configuration.unsent)
    share.hold(response.heldBytes)
    let isJoined = HTTP1Writer.render(
      response, date: state.date.now(), keepsAlive: keepsAlive, includesBody: request.method != .head, into: &output)
    try await flush()
    if !isJoined { try await stream.write(response.body, deadline: loop.now + configuration.writeTimeout) }
    if request.hasBody { try await linger() }
    return keepsAlive
  }

  private func refuse(_ error: MessageError) async throws(StreamError) {
    let status =
      switch error {
      case .headTooLarge: 431
      case .unsupportedVersion: 505
      case .unsupportedTransferEncoding: 501
      default: 400
      }
    let response = Response.text(status, "\(status) \(reasonPhrase(status)): \(error)\n")
    _ = HTTP1Writer.render(response, date: state.date.now(), keepsAlive: false, includesBody: true, into: &output)
    try await flush()
    try await linger()
  }

  /// Takes and drops, for a moment, what the caller is still sending: closing a socket with unread bytes resets the
  /// connection, and the caller might never see the answer (RFC 9112 §9.6).
  private func linger() async throws(StreamError) {
    stream.finishWriting()
    let deadline = loop.now + Self.lingerTime
    var budget = Self.lingerBytes
    while budget > 0 {
      received.use(received.unread.count)
      let count = try await stream.read(deadline: deadline, into: received.room)
      guard count > 0 else { return }
      budget -= count
    }
  }

  private func flush() async throws(StreamError) {
    try await stream.write(output, deadline: loop.now + configuration.writeTimeout)
    // A connection that waits holds no memory for what it will answer.
    output = []
  }
}
