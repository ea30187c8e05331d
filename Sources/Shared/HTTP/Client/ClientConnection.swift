import EventLoop
import TLS

/// One connection to a backend, which carries one exchange at a time.
final class ClientConnection {
  private let stream: ByteStream
  private let received = ReceiveBuffer()
  /// Whether an exchange has been completed on it, so that the backend may have ended it since.
  private(set) var isReused = false
  /// Whether a byte of the answer to the current request has arrived.
  private(set) var hasAnswerBegun = false
  var idleSince = MonotonicTime.now()

  private init(stream: ByteStream) { self.stream = stream }

  static func open(
    _ address: BackendAddress, loop: EventLoop, resolver: NameResolver, deadline: MonotonicTime
  ) async throws(ExchangeError) -> ClientConnection {
    let candidates: [SocketAddress]
    switch await resolver.resolve(address.host, on: loop, deadline: deadline) {
    case .success(let addresses): candidates = addresses
    case .failure(let error): throw error.isTimeout ? .timedOut("resolving \(address.host)") : .unresolved("\(error)")
    }
    var failure = ExchangeError.unreachable("no address")
    for var candidate in candidates {
      candidate.port = address.port
      let socket: Socket
      do throws(SystemError) {
        socket = try await Socket.connect(to: candidate, on: loop, deadline: deadline)
      } catch {
        failure = .unreachable(error.description)
        continue
      }
      return try await secure(socket, address.tls, deadline: deadline)
    }
    resolver.forget(address.host)
    throw failure
  }

  private static func secure(
    _ socket: Socket, _ context: TLSClientContext?, deadline: MonotonicTime
  ) async throws(ExchangeError) -> ClientConnection {
    guard let context else { return ClientConnection(stream: ByteStream(plain: socket)) }
    do throws(TLSError) {
      let stream = try ByteStream(socket, role: .client(context))
      try await stream.handshake(deadline: deadline)
      return ClientConnection(stream: stream)
    } catch {
      socket.close()
      throw error.kind == .timeout ? .timedOut("securing the connection") : .tls(error)
    }
  }

  /// Whether it can carry another exchange, as far as can be told without trying: nothing has arrived on it, not even
  /// its end.
  var isUsable: Bool {
    let handle = stream.socket.handle
    return !handle.isClosed && !handle.isReadable && !handle.isHangup && !stream.hasPending
  }

  func close() { stream.close() }

  /// Sends `request`, which is a whole message, and reads the whole answer. After an error the connection is of no use.
  func exchange(
    _ request: [UInt8], bodyLimit: Int, deadline: MonotonicTime
  ) async throws(ExchangeError) -> HTTP1ResponseParser.Answer {
    hasAnswerBegun = false
    do throws(StreamError) {
      try await stream.write(request, deadline: deadline)
    } catch {
      throw Self.explain(error, while: "sending the request")
    }
    var parser = HTTP1ResponseParser(bodyLimit: bodyLimit)
    while true {
      let count: Int
      do throws(StreamError) {
        count = try await stream.read(into: received.room(), deadline: deadline)
      } catch {
        throw Self.explain(error, while: hasAnswerBegun ? "reading the answer" : "waiting for the answer")
      }
      guard count > 0 else {
        throw .broken("connection closed \(hasAnswerBegun ? "in the middle of" : "before") the answer")
      }
      hasAnswerBegun = true
      received.received(count)
      do throws(HTTP1Error) {
        received.use(try parser.parse(received.unread))
      } catch {
        throw .malformed(error)
      }
      if let answer = parser.result {
        isReused = true
        return answer
      }
    }
  }

  /// Bytes behind an answer that nobody asked for: the connection is out of step.
  var hasSurplus: Bool { !received.isEmpty }

  private static func explain(_ error: StreamError, while phase: String) -> ExchangeError {
    switch error {
    case .timedOut: .timedOut(phase)
    case .broken(let message): .broken(message)
    }
  }
}
