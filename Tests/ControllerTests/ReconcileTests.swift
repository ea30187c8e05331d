import Kubernetes
import MetricsAPI
import Routing
import TestSupport
import Testing

@testable import metrics_router_controller

@Suite struct ReconcileTests {
  @Test func `an applied source is synced, routed and reported, and a deleted one is not routed any more`() async throws
  {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo", "pods/bar"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.sources.send(.replaced([]))
    #expect(await eventually { fixture.snapshot != nil })
    fixture.sources.send(.applied(metricsSource("a", plainSpec())))
    #expect(await eventually { fixture.source("a")?.metricCount == 2 })
    #expect(await eventually { fixture.reporter.statuses(of: "a").last?.synced == true })
    let status = fixture.reporter.statuses(of: "a").last
    #expect(status?.metricsCount == 2)
    #expect(status?.service == "ns/adapter")
    #expect(status?.port == 80)
    fixture.sources.send(.deleted(metricsSource("a", plainSpec())))
    #expect(await eventually { fixture.snapshot?.sources.isEmpty == true })
    await fixture.end()
    await backend.end()
  }

  @Test func `with every backend hanging the first snapshot is there within two seconds`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"], delay: .seconds(5))
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.sources.send(.replaced([metricsSource("a", plainSpec()), metricsSource("b", plainSpec())]))
    // On a busy machine later than promised, but not only when the attempts have ended.
    #expect(await eventually(within: .seconds(4)) { fixture.snapshot != nil })
    #expect(Controller.firstSnapshotPatience <= .milliseconds(1500))
    #expect(await eventually { await fixture.controller.isReady })
    await fixture.end()
    await backend.end()
  }

  @Test func `sources that hang delay no other`() async throws {
    let (hung, fine) = (try await FakeBackend(), try await FakeBackend())
    hung.list(FakeBackend.custom2, ["pods/foo"], delay: .seconds(5))
    fine.list(FakeBackend.custom2, ["pods/foo"])
    let fixture = try ControllerFixture(connectTo: [hung.connectTo("hung"), fine.connectTo("fine")])
    fixture.sources.send(.replaced([]))
    for index in 0..<30 { fixture.sources.send(.applied(metricsSource("hung-\(index)", plainSpec("hung")))) }
    fixture.sources.send(.applied(metricsSource("fine", plainSpec("fine"))))
    #expect(await eventually(within: .seconds(4)) { fixture.source("fine") != nil })
    await fixture.end()
    await hung.end()
    await fine.end()
  }

  @Test func `a backend that fails keeps its routes and its count, also over a restart`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { fixture.source("a")?.metricCount == 1 })
    backend.answer(FakeBackend.custom2, .init(status: 503))
    fixture.sources.send(.applied(metricsSource("a", plainSpec(), generation: 2)))
    #expect(await eventually { fixture.reporter.statuses(of: "a").last?.synced == false })
    let status = fixture.reporter.statuses(of: "a").last
    #expect(status?.metricsCount == 1)
    #expect(status?.observedGeneration == 2)
    #expect(status?.lastSyncTime == fixture.reporter.statuses(of: "a").first?.lastSyncTime)
    #expect(fixture.source("a")?.metricCount == 1)
    #expect(await eventually { fixture.source("a")?.isStale == true })
    let generation = fixture.snapshot?.generation
    await fixture.stop()

    let next = try ControllerFixture(connectTo: [backend.connectTo()], folder: fixture.folder)
    next.sources.send(.replaced([metricsSource("a", plainSpec(), generation: 2)]))
    #expect(await eventually { await next.controller.isReady })
    #expect(await eventually { next.reporter.statuses(of: "a").last?.synced == false })
    #expect(next.reporter.statuses(of: "a").last?.metricsCount == 1)
    #expect(next.source("a")?.metricCount == 1)
    #expect(next.snapshot?.generation == generation)
    await next.end()
    await backend.end()
  }

  @Test func `a failing backend is asked again by itself, and found when it is back`() async throws {
    let backend = try await FakeBackend()
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { fixture.reporter.statuses(of: "a").last?.synced == false })
    backend.list(FakeBackend.custom2, ["pods/foo"])
    #expect(await eventually { fixture.source("a")?.metricCount == 1 })
    #expect(await eventually { fixture.reporter.statuses(of: "a").last?.synced == true })
    await fixture.end()
    await backend.end()
  }

  @Test func `writes of status and metadata ask no backend, a new generation does`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { !fixture.reporter.statuses(of: "a").isEmpty })
    var echo = metricsSource("a", plainSpec())
    echo.metadata.resourceVersion = "77"
    echo.status = fixture.reporter.statuses(of: "a").last
    fixture.sources.send(.applied(echo))
    fixture.sources.send(.replaced([echo]))
    fixture.sources.send(.applied(metricsSource("other", plainSpec())))
    #expect(await eventually { backend.requests.count >= 2 })
    #expect(backend.requests.count == 2)
    fixture.sources.send(.applied(metricsSource("a", plainSpec(), generation: 2)))
    #expect(await eventually { backend.requests.count == 3 })
    await fixture.end()
    await backend.end()
  }

  @Test func `a correction counts at once, while the backend it replaces still hangs`() async throws {
    let (hung, fine) = (try await FakeBackend(), try await FakeBackend())
    hung.list(FakeBackend.custom2, ["pods/foo"], delay: .seconds(6))
    fine.list(FakeBackend.custom2, ["pods/foo"])
    let fixture = try ControllerFixture(connectTo: [hung.connectTo("hung"), fine.connectTo("fine")])
    fixture.sources.send(.replaced([metricsSource("a", plainSpec("hung"))]))
    #expect(await eventually { hung.requests.count == 1 })
    let correction = ContinuousClock.now
    fixture.sources.send(.applied(metricsSource("a", plainSpec("fine"), generation: 2)))
    #expect(await eventually { fixture.source("a")?.backend.host == "fine.ns.svc" })
    #expect(ContinuousClock.now - correction < .seconds(5))
    await fixture.end()
    await hung.end()
    await fine.end()
  }

  @Test func `an API server that is away costs no backend a question, and is told in the end`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.reporter.goDown(true)
    fixture.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { fixture.reporter.attempts >= 3 })
    #expect(fixture.source("a")?.metricCount == 1)
    #expect(backend.requests.count == 1)
    fixture.reporter.goDown(false)
    #expect(await eventually { fixture.reporter.statuses(of: "a").last?.synced == true })
    await fixture.end()
    await backend.end()
  }

  @Test func `a source created anew under its name is told about though nothing else changed`() async throws {
    let backend = try await FakeBackend()
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.sources.send(.replaced([metricsSource("a", plainSpec(), uid: "1")]))
    #expect(await eventually { fixture.reporter.statuses(of: "a").count == 1 })
    fixture.sources.send(.replaced([metricsSource("a", plainSpec(), uid: "2")]))
    #expect(await eventually { fixture.reporter.statuses(of: "a").count == 2 })
    await fixture.end()
    await backend.end()
  }

  @Test func `the end of the controller says nothing bad of a source that was just being asked`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"], delay: .seconds(5))
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { backend.requests.count == 1 })
    await fixture.end()
    #expect(fixture.reporter.attempts == 0)
    await backend.end()
  }

  @Test func `a spec that cannot be read leaves its routes, and its status says what is wrong`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { fixture.reporter.statuses(of: "a").last?.synced == true })
    #expect(await eventually { fixture.source("a") != nil })
    var malformed = metricsSource("a", plainSpec(), generation: 2)
    malformed.malformed = "spec.priority is not a value of type Int"
    fixture.sources.send(.applied(malformed))
    #expect(await eventually { fixture.reporter.statuses(of: "a").last?.synced == false })
    let status = fixture.reporter.statuses(of: "a").last
    #expect(status?.conditions?.first?.reason == "InvalidSpec")
    #expect(status?.conditions?.first?.message.hasPrefix("spec.priority is not") == true)
    #expect(status?.service == "ns/adapter")
    #expect(status?.metricsCount == 1)
    #expect(fixture.source("a")?.metricCount == 1)
    await fixture.end()
    await backend.end()
  }
}
