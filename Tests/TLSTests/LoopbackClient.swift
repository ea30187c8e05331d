import EventLoop
import TLS

/// Connects, shakes hands, reads the server's byte, and closes.
actor LoopbackClient {
  private let loop: EventLoop

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init() throws { loop = try EventLoop(name: "client") }

  func visit(_ address: SocketAddress, _ context: TLSClientContext) async throws -> Sighting {
    let socket = try await Socket.connect(to: address, on: loop, deadline: .now() + .seconds(5))
    do {
      let stream = try ByteStream(socket, role: .client(context))
      try await stream.handshake(deadline: .now() + .seconds(5))
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 1)
      defer { buffer.deallocate() }
      _ = try await stream.read(deadline: .now() + .seconds(5)) { buffer }
      defer { stream.close() }
      return Sighting(stream)
    } catch {
      socket.close()
      throw error
    }
  }

  /// Not to be called on the loop.
  nonisolated func stop() { loop.stop() }
}
