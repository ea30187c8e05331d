import Foundation
import Kubernetes
import Routing
import TestSupport
import Testing

@testable import metrics_router_controller

/// What a replica does that follows, and when its turn comes.
@Suite struct TakeoverTests {
  /// As the API server sends it after a write of its status.
  private func echo(_ name: String, _ status: MetricsSourceStatus?) -> WatchEvent<MetricsSource> {
    var source = metricsSource(name, plainSpec())
    source.status = status
    return .applied(source)
  }

  private func condition(_ fixture: ControllerFixture, _ name: String, _ type: String) -> String? {
    fixture.reporter.statuses(of: name).last?.condition(type)?.status
  }

  @Test func `a follower discovers and publishes, and tells nothing until it leads, then of all sources at once`()
    async throws
  {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()], isLeading: false)
    let names = (0..<40).map { "s\($0)" }
    fixture.sources.send(.replaced(names.map { metricsSource($0, plainSpec()) }))
    #expect(await eventually { fixture.snapshot?.sources.count == 40 })
    #expect(await eventually { await fixture.controller.isReady })
    // The conflict among them too is found out, and not told.
    #expect(await eventually { fixture.registry.scraped("metrics_router_controller_conflicting_sources") == 40 })
    #expect(fixture.reporter.attempts == 0)
    #expect(fixture.eventReporter.events(of: "s0").isEmpty)
    await fixture.controller.lead(true)
    #expect(
      await eventually {
        names.allSatisfy { condition(fixture, $0, "Synced") == "True" && condition(fixture, $0, "Conflict") == "True" }
      })
    #expect(fixture.reporter.attempts == 40)
    #expect(fixture.eventReporter.events(of: "s0").map(\.reason) == [.synced, .conflict])
    await fixture.end()
    await backend.end()
  }

  @Test func `what the former leader has written is neither written nor told again`() async throws {
    let backend = try await FakeBackend()
    backend.answer(FakeBackend.custom2, .init(status: 503))
    let former = try ControllerFixture(connectTo: [backend.connectTo()])
    former.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { condition(former, "a", "Synced") == "False" })
    #expect(await eventually { former.eventReporter.events(of: "a").map(\.reason) == [.syncFailed] })
    let status = former.reporter.statuses(of: "a").last

    let next = try ControllerFixture(connectTo: [backend.connectTo()], isLeading: false)
    next.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { next.registry.scraped("metrics_router_controller_source_synced{source=\"a\"}") == 0 })
    next.sources.send(echo("a", status))
    // Behind it in the same stream, so that it was seen when this one is.
    next.sources.send(.applied(metricsSource("b", plainSpec("other"))))
    #expect(await eventually { next.registry.scraped("metrics_router_controller_source_synced{source=\"b\"}") == 0 })
    await next.controller.lead(true)
    #expect(await eventually { condition(next, "b", "Synced") == "False" })
    try await Task.sleep(for: .milliseconds(200))
    #expect(next.reporter.statuses(of: "a").isEmpty)
    #expect(next.eventReporter.events(of: "a").isEmpty)
    await next.end()
    await former.end()
    await backend.end()
  }

  @Test func `what happened while nobody led is written and told once`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { condition(fixture, "a", "Synced") == "True" })
    fixture.sources.send(echo("a", fixture.reporter.statuses(of: "a").last))
    await fixture.controller.lead(false)
    let attempts = fixture.reporter.attempts
    backend.answer(FakeBackend.custom2, .init(status: 503))
    var changed = metricsSource("a", plainSpec(), generation: 2)
    changed.status = fixture.reporter.statuses(of: "a").last
    fixture.sources.send(.applied(changed))
    #expect(await eventually { fixture.registry.scraped("metrics_router_controller_source_synced{source=\"a\"}") == 0 })
    #expect(fixture.reporter.attempts == attempts)
    await fixture.controller.lead(true)
    #expect(await eventually { condition(fixture, "a", "Synced") == "False" })
    #expect(await eventually { fixture.eventReporter.events(of: "a").map(\.reason) == [.synced, .syncFailed] })
    await fixture.end()
    await backend.end()
  }

  @Test func `a last write of the former leader that is seen late is corrected`() async throws {
    let backend = try await FakeBackend()
    backend.answer(FakeBackend.custom2, .init(status: 503))
    let former = try ControllerFixture(connectTo: [backend.connectTo()])
    former.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { condition(former, "a", "Synced") == "False" })
    let status = former.reporter.statuses(of: "a").last
    let next = try ControllerFixture(connectTo: [backend.connectTo()], isLeading: false)
    var source = metricsSource("a", plainSpec())
    source.status = status
    next.sources.send(.replaced([source]))
    #expect(await eventually { next.registry.scraped("metrics_router_controller_source_synced{source=\"a\"}") == 0 })
    await next.controller.lead(true)
    try await Task.sleep(for: .milliseconds(100))
    #expect(next.reporter.statuses(of: "a").isEmpty)
    var late = status
    late?.synced = true
    next.sources.send(echo("a", late))
    #expect(await eventually { next.reporter.statuses(of: "a").map(\.synced) == [false] })
    // From now on an echo is one of its own writes.
    next.sources.send(echo("a", late))
    try await Task.sleep(for: .milliseconds(100))
    #expect(next.reporter.statuses(of: "a").count == 1)
    await next.end()
    await former.end()
    await backend.end()
  }

  @Test func `a status that could not be written before the leadership was lost is written when it is back`()
    async throws
  {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.reporter.goDown(true)
    fixture.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { fixture.reporter.attempts >= 2 })
    await fixture.controller.lead(false)
    let attempts = fixture.reporter.attempts
    fixture.reporter.goDown(false)
    try await Task.sleep(for: .milliseconds(700))
    #expect(fixture.reporter.attempts == attempts)
    await fixture.controller.lead(true)
    #expect(await eventually { condition(fixture, "a", "Synced") == "True" })
    await fixture.end()
    await backend.end()
  }
}

@Suite struct LeadershipTests {
  private static let path = "PATCH /apis/metricsrouter.io/v1alpha1/metricssources/a/status"
  private static let events = "POST /api/v1/namespaces/default/events"

  private func write(_ api: ScriptedAPI, _ leadership: Leadership) async throws {
    try await ClusterStatusReporter(client: api, group: "metricsrouter.io", leadership: leadership)
      .report(MetricsSourceStatus(), of: metricsSource("a", plainSpec()))
    _ = try await ClusterEventReporter(client: api, group: "metricsrouter.io", leadership: leadership)
      .report(
        SourceEvent(severity: .normal, reason: .synced, message: "m"), of: metricsSource("a", plainSpec()), at: .now)
  }

  @Test func `nothing is written without the leadership, nor after its end, whoever knows of that`() async throws {
    let api = ScriptedAPI([Self.path: (200, #"{"metadata":{"name":"a"}}"#), Self.events: (201, "{}")])
    let leadership = Leadership()
    await #expect(throws: ReportError.self) { try await write(api, leadership) }
    leadership.lead(until: .now + .milliseconds(50))
    try await Task.sleep(for: .milliseconds(60))
    await #expect(throws: ReportError.self) { try await write(api, leadership) }
    #expect(api.requests.isEmpty)
    leadership.lead(until: .now + .seconds(60))
    try await write(api, leadership)
    leadership.lead(until: nil)
    await #expect(throws: ReportError.self) { try await write(api, leadership) }
    #expect(api.requests.count == 2)
  }

  @Test func `no write takes longer than the leadership lasts`() async throws {
    let api = ScriptedAPI([Self.path: (200, #"{"metadata":{"name":"a"}}"#), Self.events: (201, "{}")])
    let leadership = Leadership()
    leadership.lead(until: .now + .seconds(7))
    try await write(api, leadership)
    #expect(api.requests.count == 2)
    #expect(api.requests.allSatisfy { $0.timeout <= .seconds(7) && $0.timeout > .seconds(4) })
    try await write(api, .always)
    #expect(api.requests.suffix(2).map(\.timeout) == [.seconds(30), .seconds(10)])
  }
}
