import Kubernetes
import Routing
import Synchronization
import Telemetry
import Testing

@testable import metrics_router_server

private let pods = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo"

@Suite struct CoalescingTests {
  /// Asks for each of `paths` at the same time, of a backend that takes a while.
  private func askAtOnce(
    _ router: RouterFixture, _ paths: [String], headers: [(String, String)] = []
  ) async throws -> [CurlResponse] {
    router.backend.script.withLock { $0.delay = .milliseconds(800) }
    return try await withThrowingTaskGroup(of: CurlResponse.self) { group in
      for path in paths { group.addTask { try await router.get(path, headers: headers) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  private func asked(_ router: RouterFixture) -> Int { router.backend.requests.withLock { $0.count } }

  @Test func `those who ask for the same at the same time share one request, and each gets the answer`() async throws {
    let router = try await RouterFixture(isOpen: true)
    router.backend.script.withLock { $0.body = #"{"items":["shared"]}"# }
    let answers = try await askAtOnce(router, Array(repeating: pods, count: 8))
    #expect(answers.map(\.text) == Array(repeating: #"{"items":["shared"]}"#, count: 8))
    #expect(Set(answers.map { $0.head["audit-id"] ?? "" }).count == 8)
    #expect(asked(router) == 1)
    let metrics = String(decoding: router.metrics.registry.render(), as: UTF8.self)
    #expect(metrics.contains(#"metrics_router_coalesced_requests_total{source="adapter"} 7"#))
    await router.end()
  }

  @Test func `who asks after the answer asks anew`() async throws {
    let router = try await RouterFixture(isOpen: true)
    for _ in 0..<3 { _ = try await router.get(pods) }
    #expect(asked(router) == 3)
    await router.end()
  }

  @Test func `what differs in a selector is not the same`() async throws {
    let router = try await RouterFixture(isOpen: true)
    _ = try await askAtOnce(router, [pods, pods + "?labelSelector=a%3Db", pods + "?labelSelector=a%3Dc"])
    #expect(asked(router) == 3)
    await router.end()
  }

  @Test func `who wants another type is not given what others want`() async throws {
    let router = try await RouterFixture(isOpen: true)
    async let json = askAtOnce(router, [pods], headers: [("Accept", "application/json")])
    async let any = askAtOnce(router, [pods], headers: [("Accept", "application/vnd.kubernetes.protobuf, */*")])
    _ = try await (json, any)
    #expect(asked(router) == 2)
    await router.end()
  }

  @Test func `a failure is everybody's`() async throws {
    let router = try await RouterFixture(isOpen: true)
    router.backend.script.withLock { $0.status = 503 }
    let answers = try await askAtOnce(router, Array(repeating: pods, count: 4))
    #expect(answers.map(\.status) == [503, 503, 503, 503])
    #expect(asked(router) == 1)
    await router.end()
  }

  @Test func `each asks for itself where that is switched off`() async throws {
    let router = try await RouterFixture(isOpen: true, chain: ChainSettings(coalesces: false))
    _ = try await askAtOnce(router, Array(repeating: pods, count: 4))
    #expect(asked(router) == 4)
    await router.end()
  }

  @Test func `who waits for one that runs out of time asks for itself`() async throws {
    let router = try await RouterFixture(isOpen: true, chain: ChainSettings(requestTimeout: .milliseconds(600)))
    router.backend.script.withLock { $0.delay = .milliseconds(1200) }
    async let first = router.get(pods)
    while asked(router) == 0 { try await Task.sleep(for: .milliseconds(5)) }
    router.backend.script.withLock { $0.delay = .zero }
    try await Task.sleep(for: .milliseconds(300))
    let second = try await router.get(pods)
    #expect(second.status == 200)
    #expect(try await first.status == 504)
    #expect(asked(router) == 2)
    await router.end()
  }

  @Test func `an answer by the old table is not given to who asks by the new one`() async throws {
    let router = try await RouterFixture(isOpen: true, backends: 2)
    router.backend.script.withLock {
      $0.body = #"{"items":["old"]}"#
      $0.delay = .milliseconds(500)
    }
    router.backends[1].script.withLock { $0.body = #"{"items":["new"]}"# }
    async let first = router.get(pods)
    while asked(router) == 0 { try await Task.sleep(for: .milliseconds(5)) }
    router.route([router.source(1)], generation: 2)
    #expect(try await router.get(pods).text == #"{"items":["new"]}"#)
    #expect(try await first.text == #"{"items":["old"]}"#)
    await router.end()
  }

  @Test func `who comes late does not wait for one that may be stuck`() async throws {
    let router = try await RouterFixture(isOpen: true)
    router.backend.script.withLock { $0.delay = .milliseconds(1800) }
    async let first = router.get(pods)
    while asked(router) == 0 { try await Task.sleep(for: .milliseconds(5)) }
    // A quarter of the two seconds that the source has.
    try await Task.sleep(for: .milliseconds(700))
    router.backend.script.withLock { $0.delay = .zero }
    let second = try await router.get(pods)
    #expect(second.status == 200)
    #expect(asked(router) == 2)
    #expect(try await first.status == 200)
    await router.end()
  }

  @Test func `nobody waits for the one that tries a source again`() async throws {
    let router = try await RouterFixture(isOpen: true, breaker: .init(failures: 1, pause: .milliseconds(100)))
    router.backend.script.withLock { $0.status = 503 }
    #expect(try await router.get(pods).status == 503)
    try await Task.sleep(for: .milliseconds(200))
    router.backend.script.withLock {
      $0.status = 200
      $0.delay = .milliseconds(800)
    }
    async let probe = router.get(pods)
    while asked(router) < 2 { try await Task.sleep(for: .milliseconds(5)) }
    let other = try await router.get(pods)
    #expect(other.status == 503)
    #expect(other.text.contains("has failed repeatedly"))
    #expect(try await probe.status == 200)
    await router.end()
  }
}
