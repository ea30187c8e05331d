import EventLoop
import TLS

/// What one version of HTTP makes of a connection.
protocol ProtocolConnection: AnyObject {
  /// Serves until either side ends the connection; whoever called it closes the stream.
  func run() async
  /// Asks it to end as soon as what is under way is answered.
  func leave()
}

/// One caller's connection: secured first, then served by the version of HTTP that was agreed on.
final class ServerConnection {
  private let stream: ByteStream
  private let configuration: HTTPServer.Configuration
  private let state: ServerState
  private let responder: any Responder
  private let begin: (Int32) -> Void
  private var served: (any ProtocolConnection)?
  private var http2: HTTP2ServerConnection?

  /// `begin` starts a task that calls ``answer(_:)`` with the stream that it is given.
  init(
    stream: ByteStream, configuration: HTTPServer.Configuration, state: ServerState, responder: any Responder,
    begin: @escaping (Int32) -> Void
  ) {
    self.stream = stream
    self.configuration = configuration
    self.state = state
    self.responder = responder
    self.begin = begin
  }

  private var loop: EventLoop { stream.socket.handle.loop }

  func close() { stream.close() }

  func leave() { served?.leave() }

  func run() async {
    defer { stream.close() }
    do throws(TLSError) {
      try await stream.handshake(deadline: loop.now + configuration.handshakeTimeout)
    } catch {
      configuration.observer?.handshakeFailed(error)
      return
    }
    let context = ConnectionContext(
      clientCertificates: stream.clientCertificates(), peerAddress: stream.socket.peerAddress)
    if stream.negotiatedProtocol == HTTPServer.http2 {
      // Nil where memory is short: nothing was promised yet.
      http2 = try? HTTP2ServerConnection(
        stream: stream, context: context, configuration: configuration, state: state, responder: responder,
        begin: begin)
      served = http2
    } else {
      served = HTTP1ServerConnection(
        stream: stream, context: context, configuration: configuration, state: state, responder: responder)
    }
    await served?.run()
  }

  /// Answers the request on one stream of HTTP/2.
  func answer(_ stream: Int32) async { await http2?.answer(stream) }
}
