import EventLoop
import Synchronization
import Testing

@testable import metrics_router_server

/// Several workers, each with its own memory, before one that they share.
@Suite struct SharedReviewsTests {
  private typealias Reviews = SharedReviews<String, Int>

  /// Lives on a loop, as a worker's objects do.
  private actor Worker {
    let loop: EventLoop
    private let shared: Reviews
    private var cache: ReviewCache<String, Int>?

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(_ shared: Reviews, loop: EventLoop) {
      self.loop = loop
      self.shared = shared
    }

    func answer(
      to question: String, caller: Int = 1, ask: @escaping @Sendable () async throws(ReviewFailure) -> Int
    ) async -> Result<Int, ReviewFailure> {
      let cache = cache ?? ReviewCache(shared, bounds: .init(entries: 100, bytes: 1 << 20), loop: loop)
      self.cache = cache
      do throws(ReviewFailure) {
        let remembered = try await cache.answer(to: question, caller: caller, ask: ask)
        // Waiting for another thread must not have moved this task off its loop.
        #expect(loop.isCurrent)
        return .success(remembered.answer)
      } catch {
        #expect(loop.isCurrent)
        return .failure(error)
      }
    }
  }

  private final class Count: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .relaxed) }
    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
  }

  private func reviews(
    lifetime: Duration = .seconds(10), gate: ReviewGate.Bounds = .init(), observer: RecordedOutcomes? = nil
  ) -> Reviews {
    Reviews(
      .init(kind: .access, lifetime: { _ in lifetime }, isSuccess: { $0 >= 0 }, size: { _, _ in 8 }),
      bounds: .init(entries: 100, bytes: 1 << 20), gate: gate, observer: observer)
  }

  private func withWorkers<Value: Sendable>(
    _ count: Int, _ shared: Reviews, _ body: ([Worker]) async throws -> Value
  ) async throws -> Value {
    let loops = try (0..<count).map { try EventLoop(name: "worker-\($0)") }
    defer { for loop in loops { loop.stop() } }
    return try await body(loops.map { Worker(shared, loop: $0) })
  }

  @Test func `a burst over all workers asks once`() async throws {
    let (count, observer) = (Count(), RecordedOutcomes())
    try await withWorkers(3, reviews(observer: observer)) { workers in
      await withTaskGroup { group in
        for number in 0..<90 {
          group.addTask {
            let result = await workers[number % 3].answer(to: "who?") {
              try? await Task.sleep(for: .milliseconds(50))
              return count.next()
            }
            #expect(result == .success(1))
          }
        }
      }
    }
    #expect(count.value == 1)
    #expect(observer.results(.access) == [.success])
    #expect(observer.count(.miss(.access)) + observer.count(.hit(.access)) == 90)
  }

  @Test func `what one worker has learnt the others know`() async throws {
    let count = Count()
    try await withWorkers(2, reviews()) { workers in
      for worker in [workers[0], workers[1], workers[0], workers[1]] {
        #expect(await worker.answer(to: "who?") { count.next() } == .success(1))
      }
    }
    #expect(count.value == 1)
  }

  @Test func `an answer ends for all workers at the same time`() async throws {
    let count = Count()
    try await withWorkers(2, reviews(lifetime: .milliseconds(200))) { workers in
      #expect(await workers[0].answer(to: "who?") { count.next() } == .success(1))
      try await Task.sleep(for: .milliseconds(150))
      #expect(await workers[1].answer(to: "who?") { count.next() } == .success(1))
      try await Task.sleep(for: .milliseconds(100))
      #expect(await workers[1].answer(to: "who?") { count.next() } == .success(2))
    }
  }

  @Test func `errors reach everyone who waits, and are not remembered`() async throws {
    let (count, observer) = (Count(), RecordedOutcomes())
    let ask: @Sendable () async throws(ReviewFailure) -> Int = { () throws(ReviewFailure) in
      let number = count.next()
      try? await Task.sleep(for: .milliseconds(30))
      if number == 1 { throw .unanswered("down") }
      return number
    }
    try await withWorkers(2, reviews(observer: observer)) { workers in
      await withTaskGroup { group in
        for number in 0..<10 {
          group.addTask {
            #expect(await workers[number % 2].answer(to: "who?", ask: ask) == .failure(.unanswered("down")))
          }
        }
      }
      #expect(await workers[0].answer(to: "who?", ask: ask) == .success(2))
    }
    #expect(observer.results(.access) == [.error, .success])
  }

  @Test func `an answer that counts for no time is shared by those who wait and by nobody after`() async throws {
    let count = Count()
    try await withWorkers(1, reviews(lifetime: .zero)) { workers in
      for number in 1...3 { #expect(await workers[0].answer(to: "who?") { count.next() } == .success(number)) }
    }
  }

  @Test func `who finds no place is turned away at once, and places come free again`() async throws {
    let observer = RecordedOutcomes()
    let shared = reviews(gate: .init(places: 2, placesOfCaller: 2), observer: observer)
    try await withWorkers(1, shared) { workers in
      let worker = workers[0]
      let (stream, release) = AsyncStream.makeStream(of: Void.self)
      await withTaskGroup { group in
        for name in ["a", "b"] {
          group.addTask {
            #expect(
              await worker.answer(to: name) {
                for await _ in stream {}
                return 1
              } == .success(1))
          }
        }
        while observer.count(.miss(.access)) < 2 { await Task.yield() }
        #expect(await worker.answer(to: "c") { 3 } == .failure(.overloaded))
        // A question that is already under way needs no place.
        group.addTask { #expect(await worker.answer(to: "a") { 7 } == .success(1)) }
        while observer.count(.miss(.access)) < 3 { await Task.yield() }
        release.finish()
      }
      #expect(await worker.answer(to: "c") { 3 } == .success(3))
    }
    #expect(observer.count(.turnedAway(.access)) == 1)
  }
}
