import Synchronization
import TestSupport
import Testing

@testable import EventLoop

/// What has become of those who waited.
private final class Ends: Sendable {
  let outcomes = Mutex<[ReadinessHandle.Outcome]>([])
  let woken = Atomic(0)
  let fired = Atomic(0)

  var count: Int { outcomes.withLock { $0.count } }
  func add(_ outcome: ReadinessHandle.Outcome) { outcomes.withLock { $0.append(outcome) } }
}

/// Waits in every way there is, on a loop that is stopped meanwhile.
private actor Waiter {
  nonisolated let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  private let ends: Ends
  private var listener: ListeningSocket?

  init(_ loop: EventLoop, _ ends: Ends) {
    self.loop = loop
    self.ends = ends
  }

  /// Returns once `connections` of each kind wait: to read, to write, and with a deadline that is far away.
  func arm(_ connections: Int) async throws -> [Task<Void, Never>] {
    let listener = try ListeningSocket(#require(SocketAddress("127.0.0.1", port: 0)), loop: loop)
    self.listener = listener
    var tasks: [Task<Void, Never>] = []
    for _ in 0..<connections {
      let reading = try await Socket.connect(to: listener.address, on: loop, deadline: .now() + .seconds(5))
      let writing = try await Socket.connect(to: listener.address, on: loop, deadline: .now() + .seconds(5))
      tasks.append(Task(executorPreference: loop) { await self.read(reading) })
      tasks.append(Task(executorPreference: loop) { await self.write(writing) })
      tasks.append(Task(executorPreference: loop) { await self.sleep() })
      loop.at(.now() + .seconds(3600)) { [ends] in ends.fired.wrappingAdd(1, ordering: .relaxed) }
    }
    // Never accepted: theirs is the other end that stays silent.
    await loop.sleep(until: .now() + .milliseconds(20))
    tasks.append(Task(executorPreference: loop) { await self.accept() })
    return tasks
  }

  private func read(_ socket: Socket) async {
    ends.add(await socket.handle.waitReadable(until: .now() + .seconds(3600)))
    // Asked again after the end, it says the same, and at once.
    ends.add(await socket.handle.waitReadable(until: .distantFuture))
    socket.close()
  }

  private func write(_ socket: Socket) async {
    let bytes = [UInt8](repeating: 1, count: 1 << 20)
    while case .bytes = bytes.withUnsafeBytes({ socket.write($0) }) {}
    ends.add(await socket.handle.waitWritable(until: .distantFuture))
    ends.add(await socket.handle.waitWritable(until: .distantFuture))
    socket.close()
  }

  private func sleep() async {
    await loop.sleep(until: .now() + .seconds(3600))
    ends.woken.wrappingAdd(1, ordering: .relaxed)
  }

  private func accept() async {
    var accepted: [AcceptedDescriptor] = []
    while let listener, let next = await listener.accept() { accepted.append(next) }
    for descriptor in accepted { (try? descriptor.socket(on: loop))?.close() }
  }
}

@Suite struct ArmedTeardownTests {
  @Test func `a loop that ends tells each that waits, once, and leaves no descriptor behind`() async throws {
    let before = openDescriptors()
    for _ in 0..<20 {
      let ends = Ends()
      let loop = try EventLoop(name: "test")
      let tasks = try await Waiter(loop, ends).arm(5)
      #expect(openDescriptors().count > before.count + 10)
      loop.stop()
      for task in tasks { await task.value }
      #expect(ends.count == 20)
      #expect(ends.outcomes.withLock { $0.allSatisfy { $0 == .closed } })
      #expect(ends.woken.load(ordering: .relaxed) == 5)
      #expect(ends.fired.load(ordering: .relaxed) == 5)
    }
    let isClean = await eventually { openDescriptors().count <= before.count }
    #expect(isClean, "\(before), now \(openDescriptors())")
  }

  @Test func `a look-up and a connection that nobody answers end with their loop`() async throws {
    let before = openDescriptors()
    do {
      let loop = try EventLoop(name: "test")
      // For documentation alone (RFC 5737): nobody answers, or there is no way there.
      let nowhere = try #require(SocketAddress("192.0.2.1", port: 9))
      let connecting = Task(executorPreference: loop) {
        _ = try? await Socket.connect(to: nowhere, on: loop, deadline: .now() + .seconds(3600)).close()
      }
      try await Task.sleep(for: .milliseconds(20))
      loop.stop()
      await connecting.value
    }
    let isClean = await eventually { openDescriptors().count <= before.count }
    #expect(isClean, "\(before), now \(openDescriptors())")

    // Its descriptors are the system's resolver's, which goes on.
    let other = try EventLoop(name: "test")
    let resolving = Task(executorPreference: other) {
      await NameResolver().resolve("nobody.invalid", on: other, deadline: .now() + .seconds(3600))
    }
    try await Task.sleep(for: .milliseconds(20))
    other.stop()
    guard case .failure = await resolving.value else {
      Issue.record("nobody.invalid has an address")
      return
    }
  }
}
