import Glibc
import Synchronization
import Testing

@testable import EventLoop

@Suite struct NameResolverTests {
  private let address = HostAddresses(addresses: [SocketAddress("10.0.0.1", port: 0)].compactMap(\.self))

  private func failure(_ host: String) -> NameResolver.Answer {
    .failure(ResolutionError(host: host, message: "no answer"))
  }

  /// On a loop that ends with the test.
  private func onLoop(_ body: @escaping @Sendable (EventLoop) async throws -> Void) async throws {
    let loop = try EventLoop(name: "resolver")
    defer { loop.stop() }
    try await Task(executorPreference: loop) { try await body(loop) }.value
  }

  private func resolve(_ resolver: NameResolver, on loop: EventLoop) async -> NameResolver.Answer {
    await resolver.resolve("adapter.ns.svc", on: loop, deadline: .now() + .seconds(5))
  }

  @Test func `while the resolver fails the last addresses count`() async throws {
    let answers = Mutex([NameResolver.Answer.success(address), failure("adapter.ns.svc")])
    let resolver = NameResolver(lifetime: .milliseconds(20)) { _ in
      answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
    }
    try await onLoop { loop in
      #expect(await resolve(resolver, on: loop) == .success(address))
      try await Task.sleep(for: .milliseconds(50))
      #expect(await resolve(resolver, on: loop) == .success(address))
      // An address that did not answer stands in for nothing.
      resolver.forget("adapter.ns.svc")
      #expect(await resolve(resolver, on: loop) == failure("adapter.ns.svc"))
    }
  }

  @Test func `who knows an address does not wait for a resolver that hangs`() async throws {
    let isFirst = Mutex(true)
    let address = address
    let resolver = NameResolver(lifetime: .milliseconds(20)) { _ in
      let first = isFirst.withLock { isFirst in
        defer { isFirst = false }
        return isFirst
      }
      if !first { usleep(3_000_000) }
      return .success(address)
    }
    try await onLoop { loop in
      _ = await resolve(resolver, on: loop)
      try await Task.sleep(for: .milliseconds(50))
      let clock = ContinuousClock()
      let start = clock.now
      #expect(await resolve(resolver, on: loop) == .success(address))
      #expect(clock.now - start < .seconds(2))
    }
  }

  @Test func `look-ups that hang keep no task from running, nor more than eight threads busy`() async throws {
    let asked = Mutex(0)
    let isOpen = Mutex(false)
    let address = address
    try await onLoop { loop in
      let resolver = NameResolver { _ in
        asked.withLock { $0 += 1 }
        while !isOpen.withLock({ $0 }) { usleep(5000) }
        return .success(address)
      }
      let waiting = (0..<50).map { index in
        Task(executorPreference: loop) {
          await resolver.resolve("adapter-\(index).ns.svc", on: loop, deadline: .now() + .seconds(20))
        }
      }
      await loop.sleep(until: .now() + .milliseconds(200))
      let start = ContinuousClock.now
      for _ in 0..<100 { await Task.detached {}.value }
      #expect(ContinuousClock.now - start < .seconds(1))
      #expect(asked.withLock { $0 } == 8)
      isOpen.withLock { $0 = true }
      for task in waiting { #expect(await task.value == .success(address)) }
      #expect(asked.withLock { $0 } == 50)
    }
  }
}
