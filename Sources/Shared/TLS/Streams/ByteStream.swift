internal import COpenSSL
package import EventLoop

/// A connection that carries bytes, plain or through TLS. Belongs to the thread of its loop; ``close()`` it when done.
package final class ByteStream {
  package enum Role {
    case server(TLSServerContext)
    case client(TLSClientContext)
  }

  package let socket: Socket
  /// Nil where the bytes travel as they are.
  private let session: OpaquePointer?
  /// OpenSSL calls back into the context, which may have been replaced for newer connections: this one keeps it alive.
  private let role: Role?

  /// A plain connection.
  package init(plain socket: Socket) {
    self.socket = socket
    session = nil
    role = nil
  }

  /// A TLS connection, on which ``handshake(deadline:)`` is the first thing to do.
  package init(_ socket: Socket, role: Role) throws(TLSError) {
    self.socket = socket
    self.role = role
    let pointer =
      switch role {
      case .server(let context): context.pointer
      case .client(let context): context.pointer
      }
    guard let session = SSL_new(pointer) else { throw TLSError.fromQueue(.protocolViolation, "start a TLS session") }
    guard let bio = SocketBIO.make(socket) else {
      SSL_free(session)
      throw TLSError.fromQueue(.protocolViolation, "start a TLS session")
    }
    SSL_set_bio(session, bio, bio)
    switch role {
    case .server: SSL_set_accept_state(session)
    case .client(let context):
      SSL_set_connect_state(session)
      // As in Go: names are those of subjectAltName, never the subject's, and a wildcard is a whole label.
      SSL_set_hostflags(session, UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
      let isNamed: Bool
      if SocketAddress(context.serverName, port: 0) != nil {
        isNamed = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), context.serverName) == 1
      } else {
        isNamed =
          !context.serverName.isEmpty && openssl_shim_set_server_name(session, context.serverName) == 1
          && SSL_set1_host(session, context.serverName) == 1
      }
      // Without a name OpenSSL would verify the chain alone.
      guard isNamed else {
        SSL_free(session)
        ERR_clear_error()
        throw TLSError(
          .verification, "verify the name \(context.serverName)", "it is neither a DNS name nor an address")
      }
      if let earlier = context.sessions.take() { SSL_set_session(session, earlier.pointer) }
    }
    self.session = session
  }

  deinit {
    if let session { SSL_free(session) }
  }

  package var isSecure: Bool { session != nil }

  /// Whether bytes have been received that nobody has read yet, in a record that was taken together with others.
  package var hasPending: Bool { session.map { SSL_has_pending($0) == 1 } ?? false }

  /// Whether a read can do more than say that nothing is there: OpenSSL takes a while to find that out.
  private var isWorthReading: Bool { socket.handle.isReadable || socket.isClosed || hasPending }

  /// Closes at once. A TLS peer is told so (close_notify) if its socket takes the few bytes.
  package func close() {
    guard !socket.isClosed else { return }
    if let session, SSL_is_init_finished(session) == 1 {
      SSL_shutdown(session)
      ERR_clear_error()
    }
    socket.close()
  }

  /// Tells the peer that nothing more will come, and goes on reading.
  package func finishWriting() {
    if let session, SSL_is_init_finished(session) == 1 {
      SSL_shutdown(session)
      ERR_clear_error()
    }
    socket.finishWriting()
  }

  // MARK: Handshake

  /// Completes TLS; returns at once on a plain stream. Throws where the deadline has passed, either side has ended the
  /// connection or broken a rule, or, of a client, the server cannot be verified.
  package func handshake(deadline: MonotonicTime) async throws(TLSError) {
    guard let session else { return }
    while true {
      ERR_clear_error()
      let code = SSL_do_handshake(session)
      if code == 1 { return }
      let direction = SSL_get_error(session, code)
      guard direction == SSL_ERROR_WANT_READ || direction == SSL_ERROR_WANT_WRITE else {
        let verdict = SSL_get_verify_result(session)
        var verifies = false
        if case .client(let context) = role {
          verifies = context.verifies
          context.sessions.forget()
        }
        if verifies, verdict != Int(X509_V_OK) {
          ERR_clear_error()
          throw TLSError(.verification, "TLS handshake", String(cString: X509_verify_cert_error_string(verdict)))
        }
        if ERR_peek_error() == 0 { throw TLSError(.closed, "TLS handshake", "the peer closed the connection") }
        throw TLSError.fromQueue(.protocolViolation, "TLS handshake")
      }
      switch await wait(for: direction, until: deadline) {
      case .ready: continue
      case .timedOut: throw TLSError(.timeout, "TLS handshake", "deadline exceeded")
      case .closed: throw TLSError(.closed, "TLS handshake", "connection closed")
      }
    }
  }

  /// The protocol agreed on by ALPN, if any.
  package var negotiatedProtocol: String? {
    guard let session else { return nil }
    var name: UnsafePointer<UInt8>?
    var length: UInt32 = 0
    SSL_get0_alpn_selected(session, &name, &length)
    guard let name, length > 0 else { return nil }
    return String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
  }

  /// Whether the handshake took up an earlier session, and so did without certificates.
  package var isResumed: Bool { session.map { SSL_session_reused($0) == 1 } ?? false }

  /// What the client presented, its own certificate first; not verified. Empty where it presented none.
  package func clientCertificates() -> [Certificate] {
    guard let session, let leaf = SSL_get1_peer_certificate(session) else { return [] }
    var chain = [Certificate(owning: leaf)]
    if let others = SSL_get_peer_cert_chain(session) {
      for index in 0..<openssl_shim_sk_x509_count(others) {
        guard let other = openssl_shim_sk_x509_value(others, index) else { continue }
        X509_up_ref(other)
        chain.append(Certificate(owning: other))
      }
    }
    return chain
  }

  // MARK: Bytes

  /// Reads at least one byte, waiting for it until `deadline`; 0 is the end of the stream.
  ///
  /// A TLS stream cut off without close_notify ends like a closed one: HTTP's own framing tells a truncated message.
  ///
  /// `memory` gives at least one byte of room. It is asked for only when there is something to read, so that who waits
  /// holds no memory.
  package func read(
    deadline: MonotonicTime, into memory: () -> UnsafeMutableRawBufferPointer
  ) async throws(StreamError) -> Int {
    if !isWorthReading { try await settle(SSL_ERROR_WANT_READ, deadline) }
    while true {
      switch tryRead(into: memory()) {
      case .bytes(let count): return count
      case .endOfStream: return 0
      case .failed(let error): throw .broken(error)
      case .wantsOther: try await settle(SSL_ERROR_WANT_WRITE, deadline)
      case .wouldBlock: try await settle(SSL_ERROR_WANT_READ, deadline)
      }
    }
  }

  /// Reads what has already arrived, without waiting: nil where that is nothing yet, 0 at the end of the stream.
  /// `memory` is as that of ``read(deadline:into:)``.
  package func readAvailable(into memory: () -> UnsafeMutableRawBufferPointer) throws(StreamError) -> Int? {
    guard isWorthReading else { return nil }
    switch tryRead(into: memory()) {
    case .bytes(let count): return count
    case .endOfStream: return 0
    case .failed(let error): throw .broken(error)
    case .wantsOther, .wouldBlock: return nil
    }
  }

  /// Writes what the socket takes at once of the bytes behind `offset`, and returns how many; nil where it takes none.
  package func writeAvailable(_ bytes: [UInt8], from offset: Int) throws(StreamError) -> Int? {
    switch bytes.withUnsafeBytes({ tryWrite(UnsafeRawBufferPointer(rebasing: $0[offset...])) }) {
    case .bytes(let count): return count
    case .endOfStream: throw .broken("connection closed")
    case .failed(let error): throw .broken(error)
    case .wantsOther, .wouldBlock: return nil
    }
  }

  /// Writes at least one of the bytes behind `offset`, waiting until `deadline` for room, and returns how many.
  package func writeSome(
    _ bytes: [UInt8], from offset: Int, deadline: MonotonicTime
  ) async throws(StreamError) -> Int {
    while true {
      let step = bytes.withUnsafeBytes { tryWrite(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
      switch step {
      case .bytes(let count): return count
      case .endOfStream: throw .broken("connection closed")
      case .failed(let error): throw .broken(error)
      case .wantsOther: try await settle(SSL_ERROR_WANT_READ, deadline)
      case .wouldBlock: try await settle(SSL_ERROR_WANT_WRITE, deadline)
      }
    }
  }

  /// Writes all of `bytes`, as many records and system calls as that takes.
  package func write(_ bytes: [UInt8], deadline: MonotonicTime) async throws(StreamError) {
    var sent = 0
    while sent < bytes.count { sent += try await writeSome(bytes, from: sent, deadline: deadline) }
  }

  private enum Step {
    case bytes(Int)
    case endOfStream
    case wouldBlock
    /// TLS needs the other direction first (a key update).
    case wantsOther
    case failed(String)
  }

  private func tryRead(into buffer: UnsafeMutableRawBufferPointer) -> Step {
    guard let session else { return Self.step(socket.read(into: buffer)) }
    Self.clearErrors()
    let count = SSL_read(session, buffer.baseAddress, Int32(clamping: buffer.count))
    if count > 0 { return .bytes(Int(count)) }
    switch SSL_get_error(session, count) {
    case SSL_ERROR_WANT_READ: return .wouldBlock
    case SSL_ERROR_WANT_WRITE: return .wantsOther
    case SSL_ERROR_ZERO_RETURN: return .endOfStream
    default:
      let code = ERR_peek_error()
      if code == 0 { return .endOfStream }
      let isCutOff = code & 0x7fffff == UInt(SSL_R_UNEXPECTED_EOF_WHILE_READING)
      let error = TLSError.fromQueue(.protocolViolation, "TLS read")
      return isCutOff ? .endOfStream : .failed(error.message)
    }
  }

  private func tryWrite(_ bytes: UnsafeRawBufferPointer) -> Step {
    guard let session else { return Self.step(socket.write(bytes)) }
    Self.clearErrors()
    let count = SSL_write(session, bytes.baseAddress, Int32(clamping: bytes.count))
    if count > 0 { return .bytes(Int(count)) }
    switch SSL_get_error(session, count) {
    case SSL_ERROR_WANT_WRITE: return .wouldBlock
    case SSL_ERROR_WANT_READ: return .wantsOther
    default:
      if ERR_peek_error() == 0 { return .failed("connection reset by peer") }
      return .failed(TLSError.fromQueue(.protocolViolation, "TLS write").message)
    }
  }

  /// What others have left in the thread's queue of errors would be taken for the outcome of the next call
  /// (SSL_get_error(3)). To look is cheaper than to clear what is nearly always empty.
  private static func clearErrors() { if ERR_peek_error() != 0 { ERR_clear_error() } }

  private static func step(_ transfer: Socket.Transfer) -> Step {
    switch transfer {
    case .bytes(let count): .bytes(count)
    case .endOfStream: .endOfStream
    case .wouldBlock: .wouldBlock
    case .failed(let error): .failed(error.description)
    }
  }

  private func wait(for direction: Int32, until deadline: MonotonicTime) async -> ReadinessHandle.Outcome {
    direction == SSL_ERROR_WANT_READ
      ? await socket.handle.waitReadable(until: deadline) : await socket.handle.waitWritable(until: deadline)
  }

  private func settle(_ direction: Int32, _ deadline: MonotonicTime) async throws(StreamError) {
    switch await wait(for: direction, until: deadline) {
    case .ready: return
    case .timedOut: throw .timedOut
    case .closed: throw .broken("connection closed")
    }
  }
}

/// Why bytes stopped moving.
package enum StreamError: Error, Sendable, Equatable {
  case timedOut
  /// The connection failed, with the system's or OpenSSL's words for it.
  case broken(String)
}
