package import EventLoop
package import TLS

/// Serves HTTP on one event loop: accepts connections there and answers them with a responder that never leaves it.
/// A process runs one for each core, all listening on the same address.
package actor HTTPServer {
  /// Bounds and times, each for one server.
  package struct Configuration: Sendable {
    /// From accepting a connection to the end of its TLS handshake.
    package var handshakeTimeout = Duration.seconds(10)
    /// From a request's first byte to the end of its head.
    package var headerTimeout = Duration.seconds(10)
    /// Between two requests on one connection.
    package var idleTimeout = Duration.seconds(90)
    /// For a caller to take its whole answer.
    package var writeTimeout = Duration.seconds(30)
    /// Of one request's head.
    package var maximumHeaderBytes = 64 * 1024
    /// Requests that one connection of HTTP/2 may have open at once.
    package var maximumStreams = 100
    /// Open at once; more are closed unanswered.
    package var maximumConnections = 10_000
    /// Where answers are counted that callers have not taken yet.
    package var unsent: HeldBytes?
    /// Between two calls of ``Responder/maintain()``.
    package var maintenanceInterval = Duration.seconds(5)
    /// Told what happens to connections; nobody by default.
    package var observer: (any ServerObserver)?

    package init() {}
  }

  /// The name of HTTP/2 in ALPN (RFC 9113 §3.2); a server speaks it where the TLS context offers it.
  package static let http2 = "h2"
  /// The name of HTTP/1.1 in ALPN.
  package static let http1 = "http/1.1"

  /// For connections to notice that they were closed.
  private static let closingTime = Duration.milliseconds(200)

  private let loop: EventLoop
  private let configuration: Configuration
  private let tls: (@Sendable () -> TLSServerContext)?
  private let makeResponder: @Sendable (EventLoop) -> any Responder
  private var responder: (any Responder)?
  private var listener: ListeningSocket?
  private var connections: [UInt64: ServerConnection] = [:]
  private var nextConnection: UInt64 = 0
  /// Accepted and not yet ended, those included that have not begun to be served.
  private var admitted = 0
  private var state = ServerState()

  nonisolated package var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// `tls` is asked for each new connection, so that a renewed certificate is used at once; nil serves plain HTTP.
  package init(
    loop: EventLoop, configuration: Configuration = Configuration(), tls: (@Sendable () -> TLSServerContext)?,
    makeResponder: @escaping @Sendable (EventLoop) -> any Responder
  ) {
    self.loop = loop
    self.configuration = configuration
    self.tls = tls
    self.makeResponder = makeResponder
  }

  /// Binds `address` and begins to answer. Returns the bound address.
  package func start(_ address: SocketAddress) throws(SystemError) -> SocketAddress {
    let listener = try ListeningSocket(address, loop: loop)
    self.listener = listener
    responder = makeResponder(loop)
    Task(executorPreference: loop) { await self.acceptAll() }
    Task(executorPreference: loop) { await self.maintainRegularly() }
    return listener.address
  }

  private func acceptAll() async {
    while let listener, let accepted = await listener.accept() {
      guard admitted < configuration.maximumConnections else {
        configuration.observer?.connectionRefused()
        (try? accepted.socket(on: loop))?.close()
        continue
      }
      admitted += 1
      configuration.observer?.connectionOpened()
      Task(executorPreference: loop) { await self.serve(accepted) }
    }
  }

  private func serve(_ accepted: AcceptedDescriptor) async {
    defer {
      admitted -= 1
      configuration.observer?.connectionClosed()
    }
    guard let socket = try? accepted.socket(on: loop) else { return }
    guard let responder, !state.isDraining else { return socket.close() }
    let stream: ByteStream
    if let tls {
      guard let secured = try? ByteStream(socket, role: .server(tls())) else {
        socket.close()
        return
      }
      stream = secured
    } else {
      stream = ByteStream(plain: socket)
    }
    let number = nextConnection
    nextConnection += 1
    let connection = ServerConnection(
      stream: stream, configuration: configuration, state: state, responder: responder
    ) { id in
      Task(executorPreference: self.loop) { await self.answer(id, on: number) }
    }
    connections[number] = connection
    await connection.run()
    connections[number] = nil
  }

  private func answer(_ stream: Int32, on connection: UInt64) async {
    await connections[connection]?.answer(stream)
  }

  private func maintainRegularly() async {
    while !state.isStopped, !loop.isEnding {
      let due = MonotonicTime.now() + configuration.maintenanceInterval
      await loop.sleep(until: due)
      configuration.observer?.loopCameRound(late: MonotonicTime.now().since(due))
      if !state.isStopped { responder?.maintain() }
    }
  }

  /// Stops accepting, lets each connection end its current request, tells it to go, and waits for that until `deadline`;
  /// then closes what is left. Returns how many connections were cut off.
  @discardableResult
  package func drain(until deadline: MonotonicTime) async -> Int {
    listener?.close()
    listener = nil
    state.isDraining = true
    for connection in connections.values { connection.leave() }
    while !connections.isEmpty, .now() < deadline {
      await loop.sleep(until: min(deadline, .now() + .milliseconds(10)))
    }
    let cutOff = connections.count
    for connection in connections.values { connection.close() }
    // A request that still waits for somebody else cannot be ended from here: it is left behind.
    let patience = MonotonicTime.now() + Self.closingTime
    while !connections.isEmpty, .now() < patience { await loop.sleep(until: .now() + .milliseconds(1)) }
    state.isStopped = true
    responder?.close()
    responder = nil
    return cutOff
  }
}

/// What the connections of one server need to know of it.
final class ServerState {
  /// Between the moment at which a connection is to end and its last request, for one that is already on its way.
  static let noticeTime = Duration.milliseconds(250)

  var isDraining = false
  var isStopped = false
  var date = HTTPDate()
}
