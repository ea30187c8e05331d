import EventLoop
import HTTP
import Kubernetes
import MetricsAPI
import Routing
import Telemetry
import Testing

@testable import metrics_router_server

@Suite struct HistoryRingTests {
  private typealias Slot = HistoryRing.Slot

  @Test func `slots come oldest first, and those in which nothing happened are empty`() {
    var ring = HistoryRing(at: 5)
    ring.add(Slot(requests: 1), at: 5)
    ring.add(Slot(requests: 2, errors: 1), at: 5)
    ring.add(Slot(requests: 4), at: 8)
    let slots = ring.slots(endingAt: 9)
    #expect(slots.count == HistoryRing.slotCount)
    #expect(slots.suffix(6).map(\.requests) == [0, 3, 0, 0, 4, 0])
    #expect(slots.reduce(Slot(), +) == Slot(requests: 7, errors: 1))
  }

  @Test func `what is older than the ring is gone, however long nobody looked`() {
    var ring = HistoryRing(at: 0)
    for number in 0..<200 { ring.add(Slot(requests: UInt32(number)), at: number) }
    #expect(ring.slots(endingAt: 199).map(\.requests) == (140..<200).map(UInt32.init))
    #expect(ring.slots(endingAt: 258).map(\.requests) == [199] + Array(repeating: 0, count: 59))
    ring.add(Slot(requests: 1), at: 1_000_000)
    #expect(ring.slots(endingAt: 1_000_000).map(\.requests) == Array(repeating: 0, count: 59) + [1])
  }

  private func source(_ name: String) -> RoutedSource {
    RoutedSource(
      name: name, priority: 1, serviceNamespace: "ns", serviceName: name,
      backend: .init(scheme: .http, host: "\(name).ns.svc", port: 80), tls: .init(serverName: ""), sendsToken: false,
      timeoutSeconds: 1, customVersions: [], externalVersions: [.externalV1Beta1],
      listing: MetricsListing(external: ["a"]), isStale: false)
  }

  private func route(_ names: [String], _ tables: TableHolder, generation: UInt64 = 1) {
    tables.replace(
      LoadedTable(Snapshot(generation: generation, writer: "test", time: "", sources: names.map(source))))
  }

  @Test func `a source's history is what was counted of it`() {
    let tables = TableHolder()
    let metrics = RouterMetrics(tables: tables, inFlight: InFlight(limit: 0))
    route(["a", "b"], tables)
    let begun = MonotonicTime(nanoseconds: 1_000_000_000)
    let history = SourceHistory(metrics, tables: tables, now: begun)
    func count(_ source: String, _ code: String, _ times: Int) {
      metrics.requests.child("external.metrics.k8s.io", "v1beta1", source, code).add(times)
    }
    count("a", "200", 3)
    count("a", "404", 1)
    count("a", "503", 2)
    count("gone", "200", 9)
    metrics.fallThroughs.child("a", "ServerError").add(2)
    metrics.fallThroughs.child("a", "NotFound").add(2)
    for milliseconds in [10, 30] { metrics.backendDuration.child("a").observe(.milliseconds(milliseconds)) }
    history.update(at: begun)
    count("a", "200", 1)
    history.update(at: begun + .seconds(25))
    let slots = history.slots(of: "a", at: begun + .seconds(25))
    #expect(slots.suffix(3).map(\.requests) == [10, 0, 1])
    #expect(slots.suffix(3).map(\.errors) == [4, 0, 0])
    #expect(slots.suffix(3).map(\.meanMilliseconds) == [20, nil, nil])
    #expect(slots.suffix(3).map(\.errorRate) == [0.4, nil, 0])
    #expect(history.slots(of: "b", at: begun) == [])
    #expect(history.slots(of: "gone", at: begun) == [])
  }

  @Test func `a source that was gone and comes back begins anew`() {
    let tables = TableHolder()
    let metrics = RouterMetrics(tables: tables, inFlight: InFlight(limit: 0))
    let begun = MonotonicTime(nanoseconds: 0)
    let history = SourceHistory(metrics, tables: tables, now: begun)
    func counter() -> Counter { metrics.requests.child("external.metrics.k8s.io", "v1beta1", "a", "200") }
    route(["a"], tables)
    counter().add(5)
    history.update(at: begun)
    route(["b"], tables, generation: 2)
    if let table = tables.current?.table { metrics.keepOnly(table) }
    history.update(at: begun)
    #expect(history.slots(of: "a", at: begun) == [])
    route(["a"], tables, generation: 3)
    counter().add(2)
    history.update(at: begun)
    #expect(history.slots(of: "a", at: begun).last?.requests == 2)
  }

  @Test func `a source is as bad as the worst that is known of it`() {
    var stale = source("a")
    stale.isStale = true
    var empty = source("a")
    empty.listing = MetricsListing()
    let failing = [Slot(requests: 2, errors: 1), Slot(requests: 2, errors: 1)]
    let old = failing + Array(repeating: Slot(), count: 6)
    #expect(SourceState(source("a"), breakersOpen: 0, slots: []) == .ready)
    #expect(SourceState(source("a"), breakersOpen: 1, slots: []) == .unavailable)
    #expect(SourceState(stale, breakersOpen: 0, slots: failing) == .failing)
    #expect(SourceState(stale, breakersOpen: 0, slots: old) == .stale)
    #expect(SourceState(source("a"), breakersOpen: 0, slots: [Slot(requests: 2, errors: 2)]) == .ready)
    #expect(SourceState(empty, breakersOpen: 0, slots: []) == .empty)
  }
}
