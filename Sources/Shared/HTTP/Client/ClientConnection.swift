import EventLoop
import TLS

/// A connection to a backend that is ready for requests, in the version of HTTP that both speak.
enum ClientConnection {
  case http1(HTTP1ClientConnection)
  case http2(HTTP2ClientConnection)

  /// Resolves, connects and secures, by `deadline`. The addresses of a name are tried in their order.
  static func open(
    _ address: BackendAddress, loop: EventLoop, resolver: NameResolver, limits: ConnectionPool.Limits,
    deadline: MonotonicTime
  ) async throws(ExchangeError) -> ClientConnection {
    let known: HostAddresses
    switch await resolver.resolve(address.host, on: loop, deadline: deadline) {
    case .success(let addresses): known = addresses
    case .failure(let error): throw error.isTimeout ? .timedOut("resolving \(address.host)") : .unresolved("\(error)")
    }
    if case .service(allowsAliases: false) = address.origin, let alias = known.alias(of: address.host) {
      resolver.forget(address.host)
      throw .refused(
        "\(address.host) is an alias of \(alias), as a Service of type ExternalName is: it is not dialled unless"
          + " --allow-external-name-services is given")
    }
    var failure = ExchangeError.unreachable("no address")
    for (index, resolved) in known.addresses.enumerated() {
      var candidate = resolved
      candidate.port = address.port
      if address.origin != .flag, let refusal = candidate.refusal {
        failure = .refused("\(address.host): \(refusal)")
        continue
      }
      let socket: Socket
      do throws(SystemError) {
        // One that does not answer leaves the others their share of the time.
        let share = deadline.since(loop.now) / (known.addresses.count - index)
        socket = try await Socket.connect(to: candidate, on: loop, deadline: loop.now + share)
      } catch {
        failure = .unreachable(error.description)
        continue
      }
      return try await secure(socket, address.tls, limits: limits, deadline: deadline)
    }
    resolver.forget(address.host)
    throw failure
  }

  private static func secure(
    _ socket: Socket, _ context: TLSClientContext?, limits: ConnectionPool.Limits, deadline: MonotonicTime
  ) async throws(ExchangeError) -> ClientConnection {
    guard let context else { return .http1(HTTP1ClientConnection(stream: ByteStream(plain: socket))) }
    let stream: ByteStream
    do throws(TLSError) {
      stream = try ByteStream(socket, role: .client(context))
      try await stream.handshake(deadline: deadline)
    } catch {
      socket.close()
      throw error.kind == .timeout ? .timedOut("securing the connection") : .tls(error)
    }
    guard stream.negotiatedProtocol == HTTPServer.http2 else {
      return .http1(HTTP1ClientConnection(stream: stream))
    }
    do throws(HTTP2Error) {
      return .http2(try HTTP2ClientConnection(stream: stream, bodyLimit: limits.bodyBytes, held: limits.held))
    } catch {
      stream.close()
      throw .broken(error.description)
    }
  }
}
