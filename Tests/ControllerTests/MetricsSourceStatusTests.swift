import Kubernetes
import MetricsAPI
import Routing
import Testing

@testable import metrics_router_controller

@Suite struct MetricsSourceStatusTests {
  private let listing = SourceListing(
    customVersions: [.customV1Beta2],
    metrics: MetricsListing(custom: [CustomMetric(resource: "pods", isNamespaced: true, name: "foo")]))
  private let failure = SyncFailure(reason: .backendUnreachable, message: "connection refused")

  private var source: MetricsSource {
    var metadata = ObjectMeta(name: "a")
    metadata.generation = 3
    return MetricsSource(
      metadata: metadata,
      spec: MetricsSourceSpec(
        priority: 1, metricTypes: [.customMetrics],
        service: .init(namespace: "custom-metrics", name: "adapter", port: .number(443))))
  }

  private var routed: RoutedSource { RoutedSource(name: "a", spec: source.spec, port: 443, listing: listing) }

  private func condition(_ status: MetricsSourceStatus, _ type: String) -> MetricsSourceStatus.Condition? {
    status.condition(type)
  }

  @Test func `a success fills the columns and both conditions`() {
    let status = MetricsSourceStatus.after(.success(listing), of: source, routed: routed, former: nil, now: "t1")
    #expect(status.synced == true)
    #expect(status.metricsCount == 1)
    #expect(status.service == "custom-metrics/adapter")
    #expect(status.port == 443)
    #expect(status.observedGeneration == 3)
    #expect(status.lastSyncTime == "t1")
    #expect(condition(status, "Synced")?.status == "True")
    #expect(condition(status, "Routed")?.status == "True")
  }

  @Test func `the time of the last sync does not go back to when this replica read, nor stay in the future`() {
    func after(_ time: String) -> String? {
      var former = MetricsSourceStatus()
      former.lastSyncTime = time
      return MetricsSourceStatus.after(
        .success(listing), of: source, routed: routed, former: former, lastRead: "2026-01-01T11:00:00Z",
        now: "2026-01-01T12:00:00Z"
      ).lastSyncTime
    }
    #expect(after("2026-01-01T10:59:59Z") == "2026-01-01T11:00:00Z")
    #expect(after("2026-01-01T11:00:01Z") == "2026-01-01T11:00:01Z")
    #expect(after("2026-01-01T12:00:01Z") == "2026-01-01T11:00:00Z")
    #expect(after("yesterday") == "2026-01-01T11:00:00Z")
  }

  @Test func `a failure keeps the last good list counted, and says so`() {
    let before = MetricsSourceStatus.after(.success(listing), of: source, routed: routed, former: nil, now: "t1")
    let after = MetricsSourceStatus.after(.failure(failure), of: source, routed: routed, former: before, now: "t2")
    #expect(after.synced == false)
    #expect(after.metricsCount == 1)
    #expect(after.lastSyncTime == "t1")
    #expect(condition(after, "Synced")?.reason == "BackendUnreachable")
    #expect(condition(after, "Synced")?.lastTransitionTime == "t2")
    #expect(condition(after, "Synced")?.message.contains("last good list of 1 metrics stays routed") == true)
    #expect(condition(after, "Routed")?.lastTransitionTime == "t1")
  }

  @Test func `a backend that was never reached is not said to list nothing`() {
    let never = MetricsSourceStatus.after(.failure(failure), of: source, routed: nil, former: nil, now: "t1")
    #expect(condition(never, "Routed")?.reason == "NeverSynced")
    let empty = MetricsSourceStatus.after(.success(SourceListing()), of: source, routed: nil, former: never, now: "t2")
    #expect(condition(empty, "Routed")?.reason == "NothingListed")
    let failed = MetricsSourceStatus.after(.failure(failure), of: source, routed: nil, former: empty, now: "t3")
    #expect(condition(failed, "Routed")?.reason == "NothingListed")
  }

  @Test func `a second failure of the same kind is no change`() {
    let first = MetricsSourceStatus.after(.failure(failure), of: source, routed: nil, former: nil, now: "t1")
    let second = MetricsSourceStatus.after(.failure(failure), of: source, routed: nil, former: first, now: "t2")
    #expect(first == second)
  }

  @Test func `a placeholder is named and not counted`() {
    let listing = SourceListing(metrics: MetricsListing(placeholders: ["externalmetrics"]))
    let routed = RoutedSource(name: "a", spec: source.spec, port: 443, listing: listing)
    let status = MetricsSourceStatus.after(.success(listing), of: source, routed: routed, former: nil, now: "t1")
    #expect(status.synced == true)
    #expect(status.metricsCount == 0)
    #expect(status.placeholder == "externalmetrics")
    #expect(condition(status, "Routed")?.reason == "PlaceholderOnly")
  }
}
