import Kubernetes
import Routing
import Synchronization
import Testing

@testable import metrics_router_server

private let queue = "/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/queue_length"
private let foo = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/%2A/foo"

@Suite struct PinTests {
  private func router() async throws -> RouterFixture {
    let router = try await RouterFixture(isOpen: true, backends: 2)
    var first = router.source(0)
    first.fallThrough = FallThroughSet(FallThrough.allCases)
    var second = router.source(1)
    second.fallThrough = FallThroughSet(FallThrough.allCases)
    second.metricTypes = [.externalMetrics]
    router.route([first, second], generation: 2)
    return router
  }

  private func requests(_ router: RouterFixture, _ index: Int) -> [String] {
    router.backends[index].requests.withLock { $0.map { String($0.prefix { $0 != "\n" }) } }
  }

  @Test func `a pinned source is asked alone, without the pin, for whatever metric`() async throws {
    let router = try await router()
    let answer = try await router.get(
      "/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/unlisted?labelSelector=a%3Db,metricsrouter.io/source%3Dadapter-1"
    )
    #expect(answer.status == 200)
    #expect(requests(router, 0) == [])
    #expect(
      requests(router, 1) == [
        "GET /apis/external.metrics.k8s.io/v1beta1/namespaces/ns/unlisted?labelSelector=a%3Db"
      ])
    await router.end()
  }

  @Test func `a custom metric is pinned by its own selector, which does not echo the pin`() async throws {
    let router = try await router()
    let answer = try await router.get(
      foo + "?labelSelector=app%3Dx&metricLabelSelector=metricsrouter.io/source%3Dadapter")
    #expect(answer.status == 200)
    #expect(
      requests(router, 0) == [
        "GET /apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo?labelSelector=app%3Dx"
      ])
    await router.end()
  }

  @Test func `nobody is asked after a pinned source, whatever it answers`() async throws {
    let router = try await router()
    router.backends[0].script.withLock { $0.status = 404 }
    let answer = try await router.get(queue + "?labelSelector=metricsrouter.io/source%3Dadapter")
    #expect(answer.status == 404)
    #expect(requests(router, 1) == [])
    await router.end()
  }

  @Test(arguments: [
    (queue + "?labelSelector=metricsrouter.io/source%3Dnobody", "nobody"),
    (foo + "?metricLabelSelector=metricsrouter.io/source%3Dadapter-1", "adapter-1"),
  ])
  func `a source that is not there, or not for such metrics, is named in the 404`(
    _ path: String, _ name: String
  ) async throws {
    let router = try await router()
    let answer = try await router.get(path)
    #expect(answer.status == 404)
    #expect(String(decoding: answer.body, as: UTF8.self).contains("metrics source \(name), which the selector names"))
    #expect(requests(router, 0) + requests(router, 1) == [])
    await router.end()
  }

  @Test func `a pin that names no single source is refused`() async throws {
    let router = try await router()
    let answer = try await router.get(queue + "?labelSelector=metricsrouter.io/source")
    #expect(answer.status == 400)
    #expect(String(decoding: answer.body, as: UTF8.self).contains("by metricsrouter.io/source=NAME"))
    await router.end()
  }
}
