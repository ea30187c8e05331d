import Testing

@testable import EventLoop

/// An actor that lives on an event loop, as the product's servers do.
private actor Resident {
  nonisolated let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(_ loop: EventLoop) { self.loop = loop }

  func isOnLoop() -> Bool { loop.isCurrent }

  func sleepsInOrder() async -> [Int] {
    var order: [Int] = []
    let start = MonotonicTime.now()
    loop.at(start + .milliseconds(20)) { order.append(2) }
    loop.at(start + .milliseconds(5)) { order.append(1) }
    await loop.sleep(until: start + .milliseconds(40))
    order.append(3)
    return order
  }

  func elapsedWhileWaitingForSilence(_ address: SocketAddress) async throws -> (ReadinessHandle.Outcome, Duration) {
    let socket = try await Socket.connect(to: address, on: loop, deadline: .now() + .seconds(2))
    defer { socket.close() }
    let start = MonotonicTime.now()
    let outcome = await socket.handle.waitReadable(until: start + .milliseconds(50))
    return (outcome, MonotonicTime.now().since(start))
  }

  func closedWhileWaiting(_ address: SocketAddress) async throws -> ReadinessHandle.Outcome {
    let socket = try await Socket.connect(to: address, on: loop, deadline: .now() + .seconds(2))
    loop.at(.now() + .milliseconds(10)) { socket.close() }
    return await socket.handle.waitReadable(until: .distantFuture)
  }

  private var held: Socket?

  /// What each of two tasks is told that wait to read from one silent socket, the first one interrupted after the second.
  func waitingTwice(_ address: SocketAddress) async throws -> [ReadinessHandle.Outcome] {
    held = try await Socket.connect(to: address, on: loop, deadline: .now() + .seconds(2))
    let first = Task(executorPreference: loop) { await self.waitForHeld() }
    await loop.sleep(until: .now() + .milliseconds(10))
    let second = await waitForHeld()
    held?.handle.interruptRead()
    let outcomes = [await first.value, second]
    held?.close()
    return outcomes
  }

  private func waitForHeld() async -> ReadinessHandle.Outcome {
    await held?.handle.waitReadable(until: .distantFuture) ?? .closed
  }

  func connect(_ address: SocketAddress) async throws {
    try await Socket.connect(to: address, on: loop, deadline: .now() + .seconds(2)).close()
  }

  func listen() throws -> SocketAddress {
    let listener = try ListeningSocket(#require(SocketAddress("127.0.0.1", port: 0)), loop: loop)
    self.listener = listener
    return listener.address
  }

  /// Echoes `count` bytes of the next connection in pieces of the reader's choosing.
  func echo(_ count: Int) async throws {
    guard let socket = try await listener?.accept()?.socket(on: loop) else { return }
    defer { socket.close() }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
    defer { buffer.deallocate() }
    var left = count
    while left > 0 {
      guard await socket.handle.waitReadable(until: .now() + .seconds(5)) == .ready else { return }
      guard case .bytes(let read) = socket.read(into: buffer) else { continue }
      var pending = UnsafeRawBufferPointer(rebasing: buffer[..<read])
      while !pending.isEmpty {
        guard await socket.handle.waitWritable(until: .now() + .seconds(5)) == .ready else { return }
        guard case .bytes(let written) = socket.write(pending) else { continue }
        pending = UnsafeRawBufferPointer(rebasing: pending[written...])
      }
      left -= read
    }
  }

  func sendAndReceive(_ bytes: [UInt8], _ address: SocketAddress) async throws -> [UInt8] {
    let socket = try await Socket.connect(to: address, on: loop, deadline: .now() + .seconds(2))
    defer { socket.close() }
    var received: [UInt8] = []
    var sent = 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65536, alignment: 1)
    defer { buffer.deallocate() }
    while received.count < bytes.count {
      if sent < bytes.count {
        switch bytes.withUnsafeBytes({ socket.write(UnsafeRawBufferPointer(rebasing: $0[sent...])) }) {
        case .bytes(let count): sent += count
        case .wouldBlock: break
        default: return received
        }
      }
      switch socket.read(into: buffer) {
      case .bytes(let count): received.append(contentsOf: buffer[..<count])
      case .wouldBlock:
        guard await socket.handle.waitReadable(until: .now() + .seconds(5)) == .ready else { return received }
      default: return received
      }
    }
    return received
  }

  private var listener: ListeningSocket?
  func stopListening() { listener?.close() }
}

@Suite struct EventLoopTests {
  @Test func `an actor on a loop runs on the loop's thread`() async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    #expect(!loop.isCurrent)
    #expect(await Resident(loop).isOnLoop())
  }

  @Test func `timers fire in the order in which they are due`() async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    #expect(await Resident(loop).sleepsInOrder() == [1, 2, 3])
  }

  @Test func `a wait ends at its deadline`() async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    let resident = Resident(loop)
    let address = try await resident.listen()
    let (outcome, elapsed) = try await resident.elapsedWhileWaitingForSilence(address)
    #expect(outcome == .timedOut)
    #expect(elapsed >= .milliseconds(50))
    #expect(elapsed < .milliseconds(2000))
    await resident.stopListening()
  }

  @Test func `closing a socket ends the wait for it`() async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    let resident = Resident(loop)
    let address = try await resident.listen()
    #expect(try await resident.closedWhileWaiting(address) == .closed)
    await resident.stopListening()
  }

  @Test func `a second wait in one direction is refused, and the first one goes on`() async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    let resident = Resident(loop)
    let address = try await resident.listen()
    #expect(try await resident.waitingTwice(address) == [.timedOut, .closed])
    await resident.stopListening()
  }

  @Test func `a refused connection says so`() async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    let resident = Resident(loop)
    let address = try await resident.listen()
    await resident.stopListening()
    await #expect(throws: SystemError.self) { try await resident.connect(address) }
  }

  @Test(arguments: [1, 100, 4096, 1_000_000]) func `bytes cross between two loops whole`(_ count: Int) async throws {
    let (serving, calling) = (try EventLoop(name: "serving"), try EventLoop(name: "calling"))
    defer {
      serving.stop()
      calling.stop()
    }
    let server = Resident(serving)
    let address = try await server.listen()
    async let echoed: Void = server.echo(count)
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    #expect(try await Resident(calling).sendAndReceive(bytes, address) == bytes)
    try await echoed
    await server.stopListening()
  }

  @Test func `many tasks from other threads are all run`() async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    let resident = Resident(loop)
    let count = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<5000 { group.addTask { await resident.isOnLoop() } }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(count == 5000)
  }
}

@Suite struct SocketAddressTests {
  @Test(arguments: [("127.0.0.1", "127.0.0.1:80"), ("::1", "[::1]:80"), ("[fe80::1]", "[fe80::1]:80")])
  func `an address keeps its textual form`(_ text: String, _ description: String) {
    #expect(SocketAddress(text, port: 80)?.description == description)
  }

  @Test(arguments: ["localhost", "", "1.2.3", "300.1.1.1", "::1::2"])
  func `a name is not an address`(_ text: String) {
    #expect(SocketAddress(text, port: 80) == nil)
  }
}

@Suite struct ListeningSocketTests {
  @Test(arguments: ["", "0.0.0.0", "::"]) func `an unspecified address means every address`(_ host: String) {
    let address = ListeningSocket.address(for: host, port: 1)
    #expect(address?.description == "[::]:1" || address?.description == "0.0.0.0:1")
  }

  @Test func `a given address stays as it is, and a name is none`() {
    #expect(ListeningSocket.address(for: "127.0.0.1", port: 1)?.description == "127.0.0.1:1")
    #expect(ListeningSocket.address(for: "localhost", port: 1) == nil)
  }

  @Test func `a port that somebody listens on is not free`() async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    let resident = Resident(loop)
    let address = try await resident.listen()
    #expect(throws: SystemError.self) { try ListeningSocket.checkIsFree(address) }
    await resident.stopListening()
    #expect(throws: Never.self) { try ListeningSocket.checkIsFree(address) }
  }
}

@Suite struct TeardownTests {
  /// Tells, by being gone, that whoever held it is gone too.
  private final class Token: Sendable {}

  @Test func `a loop that ends wakes who sleeps, and nothing is left behind`() async throws {
    weak var held: Token?
    do {
      let loop = try EventLoop(name: "test")
      let token = Token()
      held = token
      let sleeper = Task(executorPreference: loop) { [token] in
        await loop.sleep(until: .distantFuture)
        _ = token
      }
      // Until the task has begun to sleep there is nothing to wake.
      try await Task.sleep(for: .milliseconds(20))
      loop.stop()
      await sleeper.value
    }
    #expect(held == nil)
  }

  @Test func `who waits for something else when the loop ends comes to an end as well, on the loop still`() async throws
  {
    weak var held: Token?
    do {
      let loop = try EventLoop(name: "test")
      let resident = Resident(loop)
      let token = Token()
      held = token
      let gate = AsyncStream<Void>.makeStream()
      let waiting = Task(executorPreference: loop) { [token] in
        await Task.detached { for await _ in gate.stream { return } }.value
        _ = token
        return await resident.isOnLoop()
      }
      try await Task.sleep(for: .milliseconds(20))
      loop.stop()
      gate.continuation.yield()
      #expect(await waiting.value)
      // And once more, after the thread that did this has ended as well.
      #expect(await resident.isOnLoop())
    }
    // The thread lets go of the loop a moment later.
    for _ in 0..<100 where held != nil { try await Task.sleep(for: .milliseconds(10)) }
    #expect(held == nil)
  }

  @Test func `a hundred loops come and go`() async throws {
    for _ in 0..<100 {
      let loop = try EventLoop(name: "test")
      #expect(await Resident(loop).isOnLoop())
      loop.stop()
    }
  }
}
