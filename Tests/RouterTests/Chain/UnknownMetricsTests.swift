import EventLoop
import Kubernetes
import Routing
import Synchronization
import Testing

@testable import metrics_router_server

private let queue = "/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/queue_length"

@Suite struct UnknownMetricsTests {
  private func router(_ lifetime: Duration) async throws -> RouterFixture {
    let router = try await RouterFixture(
      isOpen: true, backends: 2, chain: ChainSettings(unknownMetricLifetime: lifetime))
    route(router, generation: 2)
    router.backends[0].script.withLock { $0.status = 404 }
    return router
  }

  private func route(_ router: RouterFixture, generation: UInt64) {
    var first = router.source(0)
    first.fallThrough = FallThroughSet([.notFound])
    var second = router.source(1)
    second.fallThrough = FallThroughSet([.serverError])
    router.route([first, second], generation: generation)
  }

  private func asked(_ router: RouterFixture) -> [Int] { router.backends.map { $0.requests.withLock { $0.count } } }

  @Test func `a source is not asked again for what it does not know, until the table changes`() async throws {
    let router = try await router(.seconds(60))
    for _ in 0..<3 { #expect(try await router.get(queue).status == 200) }
    #expect(asked(router) == [1, 3])
    // Another question is another matter: some answer 404 where no object matches.
    #expect(try await router.get(queue + "?labelSelector=a%3Db").status == 200)
    #expect(asked(router) == [2, 4])
    route(router, generation: 3)
    #expect(try await router.get(queue).status == 200)
    #expect(asked(router) == [3, 5])
    await router.end()
  }

  @Test func `what a source did not know before the table changed is not remembered after it`() async throws {
    let router = try await router(.seconds(60))
    router.backends[0].script.withLock { $0.delay = .milliseconds(300) }
    async let answer = router.get(queue)
    try await Task.sleep(for: .milliseconds(100))
    route(router, generation: 3)
    // Another request has the new table taken up while the first one is under way.
    _ = try await router.get(queue + "?labelSelector=a%3Db")
    #expect(try await answer.status == 200)
    _ = try await router.get(queue)
    #expect(asked(router)[0] == 3)
    await router.end()
  }

  @Test func `what is remembered ends by itself`() async throws {
    let router = try await router(.milliseconds(50))
    _ = try await router.get(queue)
    try await Task.sleep(for: .milliseconds(80))
    _ = try await router.get(queue)
    #expect(asked(router) == [2, 2])
    await router.end()
  }

  @Test func `with a lifetime of zero each request asks`() async throws {
    let router = try await router(.zero)
    for _ in 0..<2 { _ = try await router.get(queue) }
    #expect(asked(router) == [2, 2])
    await router.end()
  }

  @Test func `where the others fall through too, the one left out is asked for its answer`() async throws {
    let router = try await router(.seconds(60))
    _ = try await router.get(queue)
    router.backends[1].script.withLock { $0.status = 500 }
    router.backends[0].script.withLock { $0.body = #"{"message":"first"}"# }
    let answer = try await router.get(queue)
    #expect(answer.status == 404)
    #expect(String(decoding: answer.body, as: UTF8.self) == #"{"message":"first"}"#)
    #expect(asked(router) == [2, 2])
    await router.end()
  }

  @Test func `what is remembered is bounded`() {
    var unknown = UnknownMetrics(lifetime: .seconds(60))
    let now = MonotonicTime.now()
    unknown.insert(String(repeating: "a", count: UnknownMetrics.maximumKey + 1), at: 0, now: now)
    #expect(unknown.isEmpty)
    for index in 0..<UnknownMetrics.capacity { unknown.insert("/\(index)", at: 0, now: now) }
    #expect(unknown.contains("/0", at: 0, now: now))
    #expect(!unknown.contains("/0", at: 1, now: now))
    unknown.insert("/more", at: 0, now: now)
    #expect(!unknown.contains("/0", at: 0, now: now))
    #expect(unknown.contains("/more", at: 0, now: now))
    #expect(!unknown.contains("/more", at: 0, now: now + .seconds(60)))
  }
}
