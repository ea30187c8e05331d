import Foundation
import Kubernetes
import MetricsAPI
import Routing
import TestSupport
import Testing

@testable import metrics_router_controller

/// What the controller makes of claims, of lists that shrink, and of several sources beside each other.
@Suite struct ClaimsReconcileTests {
  private func claiming(
    _ service: String = "adapter", port: MetricsSourceSpec.Port = .number(80), metrics: String = "s*"
  ) -> MetricsSourceSpec {
    var spec = plainSpec(service, [.externalMetrics])
    spec.service.port = port
    spec.claims = [Claim(metrics: [Glob(metrics)])]
    return spec
  }

  private func condition(_ fixture: ControllerFixture, _ name: String, _ type: String) -> String? {
    fixture.reporter.statuses(of: name).last?.condition(type).map { "\($0.status) \($0.reason)" }
  }

  private func gauge(_ fixture: ControllerFixture, _ series: String) -> Double? {
    fixture.registry.scraped("metrics_router_controller_\(series)")
  }

  @Test func `claims are routed while the backend hangs`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.external, ["q"], delay: .seconds(8))
    let api = ScriptedAPI([
      "GET /api/v1/namespaces/ns/services/adapter": (
        200, #"{"metadata":{"name":"adapter"},"spec":{"ports":[{"name":"http","port":80}]}}"#
      )
    ])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()], client: api)
    fixture.sources.send(
      .replaced([metricsSource("number", claiming()), metricsSource("name", claiming(port: .name("http")))]))
    #expect(await eventually { fixture.source("number") != nil && fixture.source("name") != nil })
    #expect(fixture.source("name")?.backend.port == 80)
    #expect(fixture.source("name")?.isStale == true)
    #expect(fixture.source("name")?.claims.count == 1)
    #expect(fixture.reporter.attempts == 0)
    await fixture.end()
    await backend.end()
  }

  @Test func `a list that cannot be read leaves claims routed, and a bad spec the last good ones`() async throws {
    let backend = try await FakeBackend()
    backend.answer(FakeBackend.external, .init(status: 503))
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.sources.send(.replaced([metricsSource("a", claiming())]))
    #expect(await eventually { condition(fixture, "a", "Ready") == "False BackendRefused" })
    #expect(condition(fixture, "a", "Routed") == "True Claimed")
    #expect(await eventually { fixture.source("a")?.claims.count == 1 })
    fixture.sources.send(.applied(metricsSource("a", claiming(metrics: "[x]"), generation: 2)))
    #expect(await eventually { condition(fixture, "a", "Ready") == "False InvalidSpec" })
    #expect(
      fixture.reporter.statuses(of: "a").last?.condition("Synced")?.message.hasPrefix(
        "spec.claims[0].metrics[0]: [x]: ")
        == true)
    #expect(fixture.reporter.statuses(of: "a").last?.claims == 1)
    #expect(fixture.source("a")?.claims == [Claim(metrics: [Glob("s*")])])
    await fixture.end()
    await backend.end()
  }

  @Test func `a metric that vanishes stays routed for the retention, and then goes by itself`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo", "pods/bar"])
    let fixture = try ControllerFixture(
      connectTo: [backend.connectTo()], resyncInterval: .seconds(300), metricRetention: .seconds(4))
    fixture.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { fixture.source("a")?.metricCount == 2 })
    backend.list(FakeBackend.custom2, ["pods/foo"])
    fixture.sources.send(.applied(metricsSource("a", plainSpec(), generation: 2)))
    #expect(await eventually { fixture.source("a")?.retained.count == 1 })
    #expect(fixture.source("a")?.metricCount == 2)
    #expect(fixture.source("a")?.listing.count == 1)
    #expect(await eventually { fixture.reporter.statuses(of: "a").last?.listedMetrics == 1 })
    #expect(gauge(fixture, #"source_retained_metrics{source="a"}"#) == 1)
    #expect(await eventually(within: .seconds(15)) { fixture.source("a")?.retained == [] })
    #expect(await eventually { fixture.reporter.statuses(of: "a").last?.metricsCount == 1 })
    #expect(gauge(fixture, #"source_retained_metrics{source="a"}"#) == 0)
    #expect(backend.requests.count == 2)
    await fixture.end()
    await backend.end()
  }

  @Test func `what is retained is still known after a restart`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo", "pods/bar"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { fixture.source("a")?.metricCount == 2 })
    backend.list(FakeBackend.custom2, ["pods/foo"])
    fixture.sources.send(.applied(metricsSource("a", plainSpec(), generation: 2)))
    #expect(await eventually { fixture.source("a")?.retained.count == 1 })
    let retained = fixture.source("a")?.retained
    await fixture.stop()

    let next = try ControllerFixture(connectTo: [backend.connectTo()], folder: fixture.folder)
    next.sources.send(.replaced([metricsSource("a", plainSpec(), generation: 2)]))
    #expect(await eventually { next.reporter.statuses(of: "a").last?.metricsCount == 2 })
    #expect(await eventually { await next.controller.isReady })
    #expect(next.source("a")?.retained == retained)
    await next.end()
    await backend.end()
  }

  @Test func `a conflict is told on both and as one event each, and again when it has come back`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()], resyncInterval: .seconds(1))
    fixture.sources.send(.replaced([metricsSource("a", plainSpec()), metricsSource("b", plainSpec())]))
    for name in ["a", "b"] {
      #expect(await eventually { condition(fixture, name, "Conflict") == "True EqualPriority" })
      #expect(condition(fixture, name, "Ready") == "True Conflict")
    }
    #expect(gauge(fixture, "conflicting_sources") == 2)
    let asked = backend.requests.count
    #expect(await eventually { backend.requests.count >= asked + 4 })
    #expect(fixture.eventReporter.events(of: "a").map(\.reason) == [.synced, .conflict])
    #expect(fixture.eventReporter.events(of: "b").map(\.reason) == [.synced, .conflict])

    var higher = plainSpec()
    higher.priority = 2
    fixture.sources.send(.applied(metricsSource("b", higher, generation: 2)))
    for name in ["a", "b"] { #expect(await eventually { condition(fixture, name, "Conflict") == "False NoConflict" }) }
    #expect(gauge(fixture, "conflicting_sources") == 0)
    fixture.sources.send(.applied(metricsSource("b", plainSpec(), generation: 3)))
    #expect(await eventually { fixture.eventReporter.events(of: "a").count { $0.reason == .conflict } == 2 })
    fixture.sources.send(.deleted(metricsSource("b", plainSpec())))
    #expect(await eventually { condition(fixture, "a", "Conflict") == "False NoConflict" })
    await fixture.end()
    await backend.end()
  }

  @Test func `a controller that starts again repeats no event`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let first = try ControllerFixture(connectTo: [backend.connectTo()])
    let sources = ["a", "b"].map { metricsSource($0, plainSpec()) }
    first.sources.send(.replaced(sources))
    #expect(await eventually { condition(first, "b", "Conflict") == "True EqualPriority" })
    #expect(await eventually { condition(first, "a", "Conflict") == "True EqualPriority" })
    let told = sources.map { source in
      var source = source
      source.status = first.reporter.statuses(of: source.name).last
      return source
    }
    await first.end()

    // Without the table of the former run: all lists have to be read anew, one of them late.
    backend.list(FakeBackend.custom2, ["pods/foo"], delay: .seconds(2))
    let next = try ControllerFixture(connectTo: [backend.connectTo()])
    next.sources.send(.replaced(told))
    #expect(await eventually { gauge(next, "conflicting_sources") == 2 })
    #expect(next.reporter.statuses(of: "a").allSatisfy { $0.condition("Conflict")?.isTrue == true })
    #expect(next.eventReporter.events(of: "a").isEmpty)
    #expect(next.eventReporter.events(of: "b").isEmpty)
    await next.end()
    await backend.end()
  }

  @Test func `a failing sync and its recovery are one event each`() async throws {
    let backend = try await FakeBackend()
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { fixture.eventReporter.events(of: "a").map(\.reason) == [.syncFailed] })
    let asked = backend.requests.count
    #expect(await eventually { backend.requests.count > asked })
    backend.list(FakeBackend.custom2, ["pods/foo"])
    #expect(await eventually { fixture.eventReporter.events(of: "a").map(\.reason) == [.syncFailed, .synced] })
    await fixture.end()
    await backend.end()
  }

  @Test func `a shadow is told when the source that it is compared with comes and goes`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    var spec = plainSpec()
    spec.shadowOf = "b"
    spec.priority = 5
    fixture.sources.send(.replaced([metricsSource("a", spec)]))
    #expect(await eventually { condition(fixture, "a", "Shadow") == "False SourceNotFound" })
    fixture.sources.send(.applied(metricsSource("b", plainSpec())))
    #expect(await eventually { condition(fixture, "a", "Shadow") == "True SourceFound" })
    fixture.sources.send(.deleted(metricsSource("b", plainSpec())))
    #expect(await eventually { condition(fixture, "a", "Shadow") == "False SourceNotFound" })
    #expect(await eventually { fixture.source("a")?.shadowOf == "b" })
    await fixture.end()
    await backend.end()
  }
}
