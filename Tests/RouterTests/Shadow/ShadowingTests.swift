import Foundation
import Kubernetes
import MetricsAPI
import Routing
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import metrics_router_server

private let queue = "/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/queue_length"

private func list(_ value: String) -> String {
  #"{"kind":"ExternalMetricValueList","apiVersion":"external.metrics.k8s.io/v1beta1","metadata":{},"items":"#
    + #"[{"metricName":"queue_length","metricLabels":{},"timestamp":"2026-01-01T00:00:00Z","value":"\#(value)"}]}"#
}

private final class KeptLines: LogSink {
  private let kept = Mutex<[String]>([])

  func write(_ line: [UInt8]) { kept.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
  func flush() {}

  func lines(with text: String) -> [String] { kept.withLock { $0.filter { $0.contains(text) } } }
}

@Suite struct ShadowingTests {
  /// `adapter` answers; `adapter-1` shadows it, and lists the same metrics with a lower priority.
  private func router(
    _ shadows: ShadowSettings = ShadowSettings(rate: 1000, inFlight: 8), breaker: CircuitBreaker.Settings = .init(),
    workers: Int = 1, logger: Logger = Logger(sink: DroppedLines())
  ) async throws -> RouterFixture {
    let router = try await RouterFixture(
      isOpen: true, workers: workers, breaker: breaker, backends: 2, shadows: shadows, logger: logger)
    var shadow = router.source(1)
    shadow.shadowOf = "adapter"
    router.route([router.source(0), shadow], generation: 2)
    script(router, 0) { $0.body = list("100") }
    script(router, 1) { $0.body = list("100") }
    return router
  }

  private func script(_ router: RouterFixture, _ index: Int, _ change: (inout BackendResponder.Script) -> Void) {
    router.backends[index].script.withLock { change(&$0) }
  }

  private func requests(_ router: RouterFixture, _ index: Int) -> [String] {
    router.backends[index].requests.withLock { $0 }
  }

  private func metrics(_ router: RouterFixture) -> String {
    String(decoding: router.metrics.registry.render(), as: UTF8.self)
  }

  private func summary(_ router: RouterFixture) -> ShadowSummaries.Summary? {
    router.metrics.shadows.summaries.all["adapter-1"]
  }

  private func compared(_ router: RouterFixture, _ count: Int = 1) async -> Bool {
    await eventually { summary(router).map { $0.compared + $0.failed >= count } ?? false }
  }

  @Test func `a shadow gets what the source got, without the pin and with the router's own token`() async throws {
    let router = try await router()
    let pin = "metricsrouter.io/source%3Dadapter"
    let headers = [("Authorization", "Bearer caller"), ("Audit-Id", "request-1"), ("Accept", "application/yaml")]
    #expect(try await router.get(queue + "?labelSelector=a%3Db,\(pin)", headers: headers).status == 200)
    #expect(await compared(router))
    let (primary, shadow) = (requests(router, 0), requests(router, 1))
    #expect(shadow.count == 1)
    #expect(shadow.first?.hasPrefix("GET \(queue)?labelSelector=a%3Db\n") == true)
    let fields = Set(shadow.first?.split(separator: "\n").map(String.init) ?? [])
    #expect(
      fields.isSuperset(of: ["accept: application/json", "audit-id: request-1", "authorization: Bearer router-token"]))
    #expect(primary.first?.split(separator: "\n").first == shadow.first?.split(separator: "\n").first)
    await router.end()
  }

  @Test func `a shadow is asked in the version that it speaks, and its answer is compared in the caller's`()
    async throws
  {
    let router = try await router()
    var shadow = router.source(1)
    shadow.shadowOf = "adapter"
    shadow.customVersions = [.customV1Beta1]
    router.route([router.source(0), shadow], generation: 3)
    let object = #""describedObject":{"kind":"Pod","namespace":"ns","name":"a"}"#
    script(router, 0) {
      $0.body =
        #"{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","items":[{\#(object),"metric":{"name":"foo"},"value":"1500m"}]}"#
    }
    script(router, 1) {
      $0.body =
        #"{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta1","items":[{\#(object),"metricName":"foo","value":"1.5"}]}"#
    }
    let foo = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo"
    #expect(try await router.get(foo).status == 200)
    #expect(await compared(router))
    #expect(summary(router)?.agreed == 1)
    #expect(requests(router, 1).first?.hasPrefix("GET /apis/custom.metrics.k8s.io/v1beta1/") == true)
    await router.end()
  }

  enum Misbehaviour: CaseIterable {
    case hangs, fails, answersGarbage, redirects, floods, isCompressed, isElsewhere
  }

  @Test(arguments: Misbehaviour.allCases)
  func `nothing that a shadow does changes an answer or holds it up`(_ misbehaviour: Misbehaviour) async throws {
    let router = try await router()
    var shadow = router.source(1)
    shadow.shadowOf = "adapter"
    shadow.timeoutSeconds = 1
    switch misbehaviour {
    case .hangs: script(router, 1) { $0.delay = .seconds(5) }
    case .fails: script(router, 1) { $0.status = 500 }
    case .answersGarbage: script(router, 1) { $0.body = String(repeating: "[", count: 100_000) }
    case .redirects: script(router, 1) { $0.status = 302 }
    case .floods: script(router, 1) { $0.body = list(String(repeating: "9", count: 8 * 1024 * 1024)) }
    case .isCompressed: script(router, 1) { $0.fields = [("Content-Encoding", "gzip")] }
    case .isElsewhere: shadow.backend.host = "nowhere.invalid"
    }
    router.route([router.source(0), shadow], generation: 3)
    let clock = ContinuousClock()
    for _ in 0..<4 {
      var answer: CurlResponse?
      let time = try await clock.measure { answer = try await router.get(queue) }
      #expect(answer?.status == 200)
      #expect(answer?.text == list("100"))
      #expect(time < .milliseconds(900))
    }
    #expect(await compared(router, 4))
    #expect(summary(router)?.failed == 4)
    #expect(
      metrics(router).contains(
        #"metrics_router_shadow_comparisons_total{source="adapter-1",of="adapter",result="shadow_failed"} 4"#))
    await router.end()
  }

  @Test func `a shadow that hangs does not keep the server from ending`() async throws {
    let router = try await router()
    script(router, 1) { $0.delay = .seconds(30) }
    _ = try await router.get(queue)
    #expect(await eventually { requests(router, 1).count == 1 })
    let time = await ContinuousClock().measure { await router.end() }
    #expect(time < .seconds(6))
  }

  @Test func `traffic of shadows is not counted as traffic`() async throws {
    let router = try await router()
    script(router, 1) { $0.status = 503 }
    _ = try await router.get(queue)
    #expect(await compared(router))
    let lines = metrics(router).split(separator: "\n").filter {
      $0.contains(#"source="adapter-1""#) && !$0.hasPrefix("metrics_router_shadow_")
    }
    #expect(lines == [])
    await router.end()
  }

  @Test func `a shadow that fails goes on being asked for its own requests`() async throws {
    let router = try await router(breaker: CircuitBreaker.Settings(failures: 1))
    script(router, 1) { $0.status = 503 }
    for _ in 0..<3 { _ = try await router.get(queue) }
    #expect(await compared(router, 3))
    script(router, 1) { $0.status = 200 }
    let answer = try await router.get(queue + "?labelSelector=metricsrouter.io/source%3Dadapter-1")
    #expect(answer.status == 200)
    await router.end()
  }

  @Test func `requests that the shadow itself answers are not sent to it twice`() async throws {
    let router = try await router()
    let pinned = queue + "?labelSelector=metricsrouter.io/source%3Dadapter-1"
    for _ in 0..<3 { _ = try await router.get(pinned) }
    _ = try await router.get(queue)
    #expect(await compared(router))
    #expect(requests(router, 1).count == 4)
    #expect(requests(router, 0).count == 1)
    await router.end()
  }

  @Test func `so many requests go to shadows at once, over all workers`() async throws {
    let router = try await router(ShadowSettings(rate: 1000, inFlight: 2), workers: 2)
    script(router, 1) { $0.delay = .seconds(5) }
    for _ in 0..<6 { #expect(try await router.get(queue).status == 200) }
    #expect(await eventually { requests(router, 1).count == 2 })
    #expect(
      metrics(router).contains(
        #"metrics_router_shadow_skipped_total{source="adapter-1",of="adapter",reason="inflight"} 4"#))
    // Their time is over, and their places are free.
    #expect(await compared(router, 2))
    _ = try await router.get(queue)
    #expect(await eventually { requests(router, 1).count == 3 })
    await router.end()
  }

  @Test func `so many requests go to a shadow in a second`() async throws {
    let router = try await router(ShadowSettings(rate: 1, inFlight: 8))
    let clock = ContinuousClock()
    let time = try await clock.measure { for _ in 0..<20 { _ = try await router.get(queue) } }
    let skips = try #require(
      metrics(router).firstMatch(of: /shadow_skipped_total{source="adapter-1",of="adapter",reason="rate"} (\d+)/)?.1)
    let sent = try 20 - #require(Int(skips))
    #expect(sent >= 1)
    #expect(sent <= 2 + Int(time.components.seconds))
    #expect(await compared(router, sent))
    #expect(requests(router, 1).count == sent)
    await router.end()
  }

  @Test func `a rate of zero turns shadows off`() async throws {
    let router = try await router(ShadowSettings(rate: 0))
    for _ in 0..<3 { _ = try await router.get(queue) }
    try await Task.sleep(for: .milliseconds(200))
    #expect(requests(router, 1) == [])
    #expect(!metrics(router).contains("metrics_router_shadow_"))
    await router.end()
  }

  @Test func `an answer in protobuf is not compared`() async throws {
    let router = try await router()
    script(router, 0) {
      $0.contentType = "application/vnd.kubernetes.protobuf"
      $0.body = "k8s\0…"
    }
    let answer = try await router.get(queue, headers: [("Accept", "application/vnd.kubernetes.protobuf")])
    #expect(answer.status == 200)
    #expect(
      metrics(router).contains(
        #"metrics_router_shadow_skipped_total{source="adapter-1",of="adapter",reason="protobuf"} 1"#))
    #expect(requests(router, 1) == [])
    await router.end()
  }

  @Test func `an autoscaler, which prefers protobuf, is answered in JSON while it is compared`() async throws {
    let router = try await router()
    let answer = try await router.get(
      queue, headers: [("Accept", "application/vnd.kubernetes.protobuf, */*")])
    #expect(answer.status == 200)
    let sent = router.backends[0].requests.withLock { $0.first ?? "" }
    #expect(sent.contains("accept: application/json\n"))
    #expect(await compared(router, 1))
    await router.end()
  }

  @Test func `a source that fell through has its shadow asked too, once the caller has its answer`() async throws {
    let router = try await RouterFixture(isOpen: true, backends: 3, shadows: ShadowSettings(rate: 1000))
    var first = router.source(0)
    first.fallThrough = FallThroughSet([.notFound])
    var shadow = router.source(2)
    shadow.shadowOf = "adapter"
    shadow.listing = .init(custom: [], external: [])
    router.route([first, router.source(1), shadow], generation: 2)
    script(router, 0) { $0.status = 404 }
    script(router, 1) {
      $0.body = list("1")
      $0.delay = .milliseconds(300)
    }
    script(router, 2) { $0.body = list("1") }
    async let answer = router.get(queue)
    #expect(await eventually { requests(router, 1).count == 1 })
    #expect(requests(router, 2) == [])
    #expect(try await answer.text == list("1"))
    #expect(await eventually { router.metrics.shadows.summaries.all["adapter-2"]?.failed == 1 })
    #expect(metrics(router).contains(#"source="adapter-2",of="adapter",result="primary_failed"} 1"#))
    await router.end()
  }

  @Test func `differences are counted, summarised and logged`() async throws {
    let lines = KeptLines()
    let router = try await router(logger: Logger(verbosity: 2, sink: lines))
    _ = try await router.get(queue)
    #expect(await compared(router))
    script(router, 1) { $0.body = list("80") }
    _ = try await router.get(queue, headers: [("Audit-Id", "request-2")])
    #expect(await compared(router, 2))
    let found = try #require(summary(router))
    #expect(found.of == "adapter")
    #expect(found.compared == 2 && found.agreed == 1 && found.differed == 1 && found.failed == 0)
    #expect(found.maxRelativeDifference == "0.2000")
    #expect(found.lastCompared?.contains(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) == true)
    let text = metrics(router)
    #expect(text.contains(#"shadow_difference_ratio_bucket{source="adapter-1",of="adapter",le="0"} 1"#))
    #expect(text.contains(#"shadow_difference_ratio_bucket{source="adapter-1",of="adapter",le="0.25"} 2"#))
    #expect(text.contains(#"shadow_difference_ratio_sum{source="adapter-1",of="adapter"} 0.2"#))
    #expect(!text.contains("queue_length"))
    #expect(await eventually { lines.lines(with: "does not answer as").count == 1 })
    let line = try #require(lines.lines(with: "does not answer as").first)
    for field in [#"value="100""#, #"shadowValue="80""#, #"auditID="request-2""#, "queue_length"] {
      #expect(line.contains(field), "\(field) in \(line)")
    }
    await router.end()
  }

  @Test func `what shadows no other any more is forgotten`() async throws {
    let router = try await router()
    _ = try await router.get(queue)
    #expect(await compared(router))
    router.metrics.keepOnly(RoutingTable(sources: [router.source(0), router.source(1)], generation: 3))
    #expect(summary(router) == nil)
    #expect(!metrics(router).contains("metrics_router_shadow_"))
    await router.end()
  }
}
