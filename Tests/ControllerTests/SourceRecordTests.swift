import Foundation
import Kubernetes
import MetricsAPI
import Routing
import Testing

@testable import metrics_router_controller

@Suite struct SourceRecordTests {
  private func source(priority: Int, service: String = "adapter") -> MetricsSource {
    MetricsSource(
      metadata: ObjectMeta(name: "a"),
      spec: MetricsSourceSpec(
        priority: priority, metricTypes: [.customMetrics],
        service: .init(namespace: "ns", name: service, port: .number(443))))
  }

  private func record() -> SourceRecord {
    let source = source(priority: 1)
    let listing = SourceListing(
      customVersions: [.customV1Beta1],
      metrics: MetricsListing(custom: [CustomMetric(resource: "pods", isNamespaced: true, name: "foo")]))
    return SourceRecord(source: source, routed: RoutedSource(name: "a", spec: source.spec, port: 443, listing: listing))
  }

  @Test func `a new priority counts before the backend has been asked again`() {
    var record = record()
    record.adopt(source(priority: 9))
    #expect(record.routed?.priority == 9)
    #expect(record.routed?.listing.count == 1)
  }

  @Test func `another backend is not routed to before it has been asked`() {
    var record = record()
    record.adopt(source(priority: 9, service: "other"))
    #expect(record.routed?.backend.host == "adapter.ns.svc")
    #expect(record.routed?.priority == 9)
  }

  @Test func `a spec that cannot work leaves the last good one routing`() {
    var record = record()
    record.adopt(source(priority: 9, service: "Not_A_Name"))
    #expect(record.routed?.priority == 1)
  }

  // MARK: Claims

  private func claiming(
    _ metrics: [String], service: String = "adapter", port: MetricsSourceSpec.Port = .number(443)
  ) -> MetricsSource {
    var source = source(priority: 5, service: service)
    source.spec.service.port = port
    source.spec.claims = [Claim(metrics: metrics.map { Glob($0) })]
    source.spec.fallThrough = [.notFound]
    source.spec.shadowOf = "other"
    return source
  }

  @Test func `claims are routed before a list could be read`() throws {
    let record = SourceRecord(source: claiming(["s*"]), routed: nil)
    let routed = try #require(record.routed)
    #expect(routed.claims == [Claim(metrics: [Glob("s*")])])
    #expect(routed.backend.port == 443)
    #expect(routed.isStale)
    #expect(routed.listing.isEmpty)
    #expect(routed.customVersions.isEmpty)
    #expect(routed.serves(.custom))
  }

  @Test func `without claims nothing is routed before a list was read`() {
    var record = SourceRecord(source: source(priority: 1), routed: nil)
    #expect(record.routed == nil)
    record.locate(at: 443)
    #expect(record.routed == nil)
  }

  @Test func `claims of a port that is named wait for its number`() {
    var record = SourceRecord(source: claiming(["s*"], port: .name("https")), routed: nil)
    #expect(record.routed == nil)
    record.locate(at: 8443)
    #expect(record.routed?.backend.port == 8443)
  }

  @Test func `new claims, outcomes and shadows count at once`() {
    var record = record()
    record.adopt(claiming(["s*"]))
    #expect(record.routed?.claims == [Claim(metrics: [Glob("s*")])])
    #expect(record.routed?.fallThrough == FallThroughSet([.notFound]))
    #expect(record.routed?.shadowOf == "other")
    #expect(record.routed?.listing.count == 1)
    record.adopt(source(priority: 1))
    #expect(record.routed?.claims == [])
    #expect(record.routed?.fallThrough == [])
    #expect(record.routed?.shadowOf == nil)
  }

  @Test func `a bad pattern leaves the last good claims routing`() {
    var record = record()
    record.adopt(claiming(["s*"]))
    record.adopt(claiming(["[a-z]"]))
    #expect(record.routed?.claims == [Claim(metrics: [Glob("s*")])])
    #expect(record.source.problem?.hasPrefix("spec.claims[0].metrics[0]: [a-z]: * and ? alone are special") == true)
    record.fail(SyncFailure(reason: .invalidSpec, message: record.source.problem ?? ""))
    #expect(record.routed?.claims == [Claim(metrics: [Glob("s*")])])
    #expect(record.routed?.listing.count == 1)
  }

  @Test func `a bad pattern of a new source routes nothing`() {
    #expect(SourceRecord(source: claiming(["a/b"]), routed: nil).routed == nil)
  }

  @Test func `another backend takes over claims at once only where the former one lists nothing`() {
    var listing = record()
    listing.adopt(claiming(["s*"], service: "other"))
    #expect(listing.routed?.backend.host == "adapter.ns.svc")
    #expect(listing.routed?.claims == [])
    listing.locate(at: 443)
    #expect(listing.routed?.backend.host == "adapter.ns.svc")

    var claimed = SourceRecord(source: claiming(["s*"]), routed: nil)
    claimed.adopt(claiming(["s*"], service: "other"))
    #expect(claimed.routed?.backend.host == "other.ns.svc")
  }

  @Test func `a port by its name counts from when it was found, whatever comes of the list`() {
    var record = record()
    record.locate(at: 8443)
    record.fail(SyncFailure(reason: .backendTimeout, message: ""))
    #expect(record.routed?.backend.port == 8443)
    #expect(record.routed?.listing.count == 1)
  }

  // MARK: Retention

  private let noon = Date(timeIntervalSince1970: 1_780_000_000)
  private let retention = Retention(period: .seconds(900))

  private func listed(_ names: [String]) -> SourceListing {
    SourceListing(
      customVersions: [.customV1Beta1],
      metrics: MetricsListing(custom: names.map { CustomMetric(resource: "pods", isNamespaced: true, name: $0) }))
  }

  /// Read at noon, and then again with less in it.
  private func idling() -> SourceRecord {
    var record = SourceRecord(source: source(priority: 1), routed: nil)
    record.succeed(listed(["foo", "bar"]), port: 443, retention: retention, now: noon, steadyNow: noon)
    record.succeed(
      listed(["foo"]), port: 443, retention: retention, now: noon.addingTimeInterval(300),
      steadyNow: noon.addingTimeInterval(300))
    return record
  }

  @Test func `what vanishes from the list is retained, counted, and expires`() {
    var record = idling()
    #expect(record.routed?.retained.map(\.lastListed) == [noon.ISO8601Format()])
    #expect(record.metricCount == 2)
    let early = record.expire(retention, now: noon.addingTimeInterval(899))
    #expect(!early)
    let due = record.expire(retention, now: noon.addingTimeInterval(900))
    #expect(due)
    #expect(record.metricCount == 1)
  }

  @Test func `a clock that is set makes nothing expire`() {
    var record = SourceRecord(source: source(priority: 1), routed: nil)
    record.succeed(listed(["foo", "bar"]), port: 443, retention: retention, now: noon, steadyNow: noon)
    // An hour forward at once, while five minutes go by.
    record.succeed(
      listed(["foo"]), port: 443, retention: retention, now: noon.addingTimeInterval(3900),
      steadyNow: noon.addingTimeInterval(300))
    #expect(record.routed?.retained.map(\.lastListed) == [noon.ISO8601Format()])
    #expect(record.lastRead == noon.addingTimeInterval(3900))
  }

  @Test func `what an adapter does not list when it comes back is retained from then on`() {
    var record = SourceRecord(source: source(priority: 1), routed: nil)
    record.succeed(listed(["foo"]), port: 443, retention: retention, now: noon, steadyNow: noon)
    record.fail(SyncFailure(reason: .backendUnreachable, message: "refused"))
    let back = noon.addingTimeInterval(3600)
    record.succeed(listed([]), port: 443, retention: retention, now: back, steadyNow: back)
    #expect(record.metricCount == 1)
    let early = record.expire(retention, now: back.addingTimeInterval(899))
    #expect(!early)
    let due = record.expire(retention, now: back.addingTimeInterval(900))
    #expect(due)
  }

  @Test func `while the list cannot be read nothing expires`() {
    var record = idling()
    record.fail(SyncFailure(reason: .backendTimeout, message: "no answer in time"))
    let late = record.expire(retention, now: noon.addingTimeInterval(9000))
    #expect(!late)
    #expect(record.metricCount == 2)
  }

  @Test func `a changed spec keeps what is retained of its types, another backend's list does not`() {
    var record = idling()
    record.adopt(source(priority: 9))
    #expect(record.routed?.retained.count == 1)
    var moved = record
    moved.adopt(source(priority: 9, service: "other"))
    moved.succeed(
      listed(["foo"]), port: 443, retention: retention, now: noon.addingTimeInterval(310),
      steadyNow: noon.addingTimeInterval(310))
    #expect(moved.routed?.backend.host == "other.ns.svc")
    #expect(moved.routed?.retained == [])
    var external = source(priority: 9)
    external.spec.metricTypes = [.externalMetrics]
    record.adopt(external)
    #expect(record.routed?.retained == [])
  }

  @Test func `after a restart metrics are retained from when the resource says the list was read`() {
    let former = idling().routed
    var source = source(priority: 1)
    source.status = MetricsSourceStatus()
    source.status?.lastSyncTime = noon.addingTimeInterval(600).ISO8601Format()
    var told = SourceRecord(source: source, routed: former, now: noon.addingTimeInterval(700))
    told.succeed(
      listed([]), port: 443, retention: retention, now: noon.addingTimeInterval(710),
      steadyNow: noon.addingTimeInterval(710))
    #expect(
      told.routed?.retained.map(\.lastListed)
        == [noon.addingTimeInterval(600).ISO8601Format(), noon.ISO8601Format()])

    source.status = nil
    var untold = SourceRecord(source: source, routed: former, now: noon.addingTimeInterval(700))
    untold.succeed(
      listed([]), port: 443, retention: retention, now: noon.addingTimeInterval(710),
      steadyNow: noon.addingTimeInterval(710))
    #expect(untold.routed?.retained.first?.lastListed == noon.addingTimeInterval(700).ISO8601Format())
  }
}
