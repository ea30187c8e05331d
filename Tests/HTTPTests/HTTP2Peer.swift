import EventLoop
import TLS

@testable import HTTP

/// One end of a connection whose bytes a test says and reads itself.
final class RawConnection {
  typealias ReceivedFrame = (type: UInt8, flags: UInt8, stream: UInt32, payload: [UInt8])

  /// Nobody is waited for longer.
  static let patience = Duration.seconds(8)

  let stream: ByteStream
  private var unread: [UInt8] = []
  private(set) var hasEnded = false

  init(_ stream: ByteStream) { self.stream = stream }

  func send(_ bytes: [UInt8]) async throws { try await stream.write(bytes, deadline: .now() + Self.patience) }

  func pause(_ duration: Duration) async { await stream.socket.handle.loop.sleep(until: .now() + duration) }

  func close() { stream.close() }

  /// Reads more, for as long as `limit`. False at the end of the stream, or where nothing came.
  private func fill(within limit: Duration) async -> Bool {
    guard !hasEnded else { return false }
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
    defer { room.deallocate() }
    do throws(StreamError) {
      let count = try await stream.read(deadline: .now() + limit) { room }
      hasEnded = count == 0
      unread += room[..<count]
      return count > 0
    } catch {
      if error != .timedOut { hasEnded = true }
      return false
    }
  }

  /// The next frame, behind the preface; nil where none comes in time, or the peer has closed.
  func frame(within limit: Duration = patience) async -> ReceivedFrame? {
    let deadline = MonotonicTime.now() + limit
    while true {
      if unread.starts(with: Frame.preface) { unread.removeFirst(Frame.preface.count) }
      if let frame = Frame.cut(unread).first {
        unread.removeFirst(9 + frame.payload.count)
        return frame
      }
      guard await fill(within: deadline.since(.now())) else { return nil }
    }
  }

  /// The next frame of a kind; others are read over.
  func frame(_ kind: Frame.Kind, within limit: Duration = patience) async -> ReceivedFrame? {
    while let frame = await frame(within: limit) { if frame.type == kind.rawValue { return frame } }
    return nil
  }

  /// The stream of the next request.
  func request() async throws -> UInt32 {
    guard let frame = await frame(.headers) else { throw Ended() }
    return frame.stream
  }

  /// Reads over whatever comes; how long it took the peer to close, or nil where it has not within `limit`.
  func timeToEnd(within limit: Duration = patience) async -> Duration? {
    let start = MonotonicTime.now()
    while await fill(within: (start + limit).since(.now())) { unread = [] }
    return hasEnded ? MonotonicTime.now().since(start) : nil
  }

  /// All that comes until the peer closes, as text.
  func textToEnd() async -> String {
    while await fill(within: Self.patience) {}
    return String(decoding: unread, as: UTF8.self)
  }

  struct Ended: Error {}
}

/// A backend on a loop of its own that does what a script says, for each connection anew.
actor ScriptedBackend {
  typealias Script = @Sendable (isolated ScriptedBackend, RawConnection) async throws -> Void

  private let loop: EventLoop
  private let context: TLSServerContext?
  private let script: Script
  private var listener: ListeningSocket?
  private let certificate: ServingCertificate
  private var open: [ObjectIdentifier: RawConnection] = [:]
  private(set) var accepted = 0
  /// Counted by scripts.
  var requests = 0
  var current: Int { open.count }

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// `protocols` are what it offers by ALPN; nil for plain TCP.
  init(protocols: [String]? = ["h2"], script: @escaping Script) throws {
    loop = try EventLoop(name: "backend")
    certificate = try ServingCertificate.selfSigned(names: ["backend.test"], days: 1)
    let certificate = certificate
    context = try protocols.map { try TLSServerContext(certificate: certificate, protocols: $0) }
    self.script = script
  }

  func count() { requests += 1 }

  /// Where it is, for a client that trusts it and offers both versions.
  func start() throws -> BackendAddress {
    guard let anyPort = SocketAddress("127.0.0.1", port: 0) else { throw RawConnection.Ended() }
    let listener = try ListeningSocket(anyPort, loop: loop)
    self.listener = listener
    Task(executorPreference: loop) { await self.acceptAll() }
    let tls = try context.map { _ in
      try TLSClientContext(
        trust: .bundle(certificate.certificatePEM), serverName: "backend.test", protocols: ["h2", "http/1.1"])
    }
    return BackendAddress(host: "127.0.0.1", port: listener.address.port, from: .flag, tls: tls)
  }

  private func acceptAll() async {
    while let listener, let descriptor = await listener.accept() {
      accepted += 1
      Task(executorPreference: loop) { await self.serve(descriptor) }
    }
  }

  private func serve(_ descriptor: AcceptedDescriptor) async {
    guard let socket = try? descriptor.socket(on: loop) else { return }
    guard let stream = try? context.map({ try ByteStream(socket, role: .server($0)) }) ?? ByteStream(plain: socket)
    else { return socket.close() }
    let connection = RawConnection(stream)
    open[ObjectIdentifier(connection)] = connection
    defer {
      connection.close()
      open[ObjectIdentifier(connection)] = nil
    }
    do {
      try await stream.handshake(deadline: .now() + RawConnection.patience)
      try await script(self, connection)
    } catch {
      // A script ends with its connection.
    }
  }

  func end() async {
    listener?.close()
    for connection in open.values { connection.close() }
    while !open.isEmpty { await loop.sleep(until: .now() + .milliseconds(1)) }
    let loop = loop
    Task.detached { loop.stop() }
  }
}

/// A caller on a loop of its own that does what a script says.
actor ScriptedCaller {
  typealias Script<Result> = @Sendable (isolated ScriptedCaller, RawConnection) async throws -> Result

  private let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(_ loop: EventLoop) { self.loop = loop }

  /// Connects to `setting`'s server, over HTTP/2 the preface included, and runs `script`.
  func converse<Result: Sendable>(
    with setting: Setting, protocols: [String] = ["h2"], preface: [UInt8] = Frame.preface + Frame.settings(),
    _ script: Script<Result>
  ) async throws -> Result {
    let socket = try await Socket.connect(to: setting.address, on: loop, deadline: .now() + .seconds(2))
    let context = try setting.trusted(protocols).tls
    let stream: ByteStream
    do {
      stream = try context.map { try ByteStream(socket, role: .client($0)) } ?? ByteStream(plain: socket)
    } catch {
      socket.close()
      throw error
    }
    let connection = RawConnection(stream)
    defer { connection.close() }
    try await stream.handshake(deadline: .now() + RawConnection.patience)
    if protocols.contains("h2"), !preface.isEmpty { try await connection.send(preface) }
    return try await script(self, connection)
  }
}
