import EventLoop
import TLS
import Testing

/// What one side saw of a connection once its handshake was over.
struct Sighting: Sendable, Equatable {
  var negotiatedProtocol: String?
  var isResumed: Bool
  var clientCertificates: Int

  init(_ stream: ByteStream) {
    negotiatedProtocol = stream.negotiatedProtocol
    isResumed = stream.isResumed
    clientCertificates = stream.clientCertificates().count
  }
}

/// Shakes hands with whoever connects, sends one byte, and closes.
actor LoopbackServer {
  private let loop: EventLoop
  private let context: TLSServerContext
  private var listener: ListeningSocket?
  private(set) var sightings: [Sighting] = []
  private(set) var failures: [TLSError] = []

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(_ context: TLSServerContext) throws {
    loop = try EventLoop(name: "server")
    self.context = context
  }

  /// Returns the address of a free port of loopback.
  func start() throws -> SocketAddress {
    let listener = try ListeningSocket(#require(SocketAddress("127.0.0.1", port: 0)), loop: loop)
    self.listener = listener
    Task(executorPreference: loop) { await self.acceptAll() }
    return listener.address
  }

  private func acceptAll() async {
    while let listener, let accepted = await listener.accept() {
      Task(executorPreference: loop) { await self.serve(accepted) }
    }
  }

  private func serve(_ accepted: AcceptedDescriptor) async {
    guard let socket = try? accepted.socket(on: loop) else { return }
    do throws(TLSError) {
      let stream = try ByteStream(socket, role: .server(context))
      try await stream.handshake(deadline: .now() + .seconds(5))
      sightings.append(Sighting(stream))
      try? await stream.write([1], deadline: .now() + .seconds(5))
      stream.close()
    } catch {
      failures.append(error)
      socket.close()
    }
  }

  func close() { listener?.close() }

  /// Not to be called on the loop.
  nonisolated func stop() async {
    await close()
    loop.stop()
  }
}
