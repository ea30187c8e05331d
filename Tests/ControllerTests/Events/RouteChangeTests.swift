import Foundation
import Kubernetes
import MetricsAPI
import Routing
import TestSupport
import Testing

@testable import metrics_router_controller

@Suite struct RouteSummaryTests {
  private func summary(
    _ count: Int, service: String = "adapter", port: UInt16 = 443, priority: Int = 1, claims: [String] = []
  ) -> RouteSummary {
    var spec = plainSpec(service, [.externalMetrics])
    spec.priority = priority
    spec.claims = claims.map { Claim(metrics: [Glob($0)]) }
    var listing = SourceListing()
    listing.metrics = MetricsListing(external: (0..<count).map { "m\($0)" })
    return RouteSummary(RoutedSource(name: "a", spec: spec, port: port, listing: listing))
  }

  private func message(_ former: RouteSummary, _ next: RouteSummary) -> String? {
    former.change(to: next, countIsTold: false)?.message
  }

  @Test func `a list that doubles, is halved, ends or begins is told`() {
    #expect(message(summary(12), summary(476)) == "metrics routed went from 12 to 476")
    #expect(message(summary(476), summary(12)) == "metrics routed went from 476 to 12")
    #expect(message(summary(1), summary(0)) == "metrics routed went from 1 to 0")
    #expect(message(summary(0), summary(1)) == "metrics routed went from 0 to 1")
    #expect(summary(12).change(to: summary(476), countIsTold: true) == nil)
  }

  @Test func `what lists do all day is not`() {
    #expect(message(summary(476), summary(476)) == nil)
    #expect(message(summary(476), summary(300)) == nil)
    #expect(message(summary(476), summary(900)) == nil)
    #expect(message(summary(2), summary(8)) == nil)
    #expect(message(summary(3), summary(1)) == nil)
  }

  @Test func `another backend, priority or claims are told together`() {
    let event = summary(5).change(
      to: summary(5, service: "other", port: 8443, priority: 7, claims: ["q*"]), countIsTold: false)
    #expect(event?.severity == .normal)
    #expect(event?.reason == .routeChanged)
    #expect(
      event?.message == "requests go to ns/other:8443 instead of ns/adapter:443; its priority went from 1 to 7;"
        + " its claims went from 0 to 1")
    #expect(message(summary(5, claims: ["q*"]), summary(5, claims: ["r*"])) == "its claims are others than before")
  }
}

@Suite struct TakeoverFinderTests {
  private func source(_ name: String, _ priority: Int, _ metrics: [String]) -> RoutedSource {
    var spec = plainSpec(name, [.externalMetrics])
    spec.priority = priority
    var listing = SourceListing()
    listing.metrics = MetricsListing(external: metrics)
    return RoutedSource(name: name, spec: spec, port: 80, listing: listing)
  }

  private func takeovers(from former: [RoutedSource], to next: [RoutedSource]) -> [Takeover] {
    let first = ConflictFinder.findings(among: former)
    #expect(first.takeovers.isEmpty)
    return ConflictFinder.findings(among: next, since: first.answering).takeovers
  }

  private func takeover(_ former: String, _ next: String, _ metrics: [String], held: Int) -> Takeover {
    Takeover(
      former: former, next: next, count: metrics.count, held: held, examples: metrics.prefix(3).map { .external($0) })
  }

  @Test func `a new source of higher priority takes over, and gives back when it goes`() {
    let old = source("a", 1, ["p", "q", "r", "s"])
    let new = source("b", 2, ["q", "r", "s", "p", "x"])
    #expect(takeovers(from: [old], to: [old, new]) == [takeover("a", "b", ["p", "q", "r", "s"], held: 4)])
    #expect(takeovers(from: [old, new], to: [old]) == [takeover("b", "a", ["p", "q", "r", "s"], held: 0)])
  }

  @Test func `a source that comes second changes nothing, nor do metrics that come and go`() {
    let old = source("a", 5, ["q"])
    #expect(takeovers(from: [old], to: [old, source("b", 1, ["q", "r"])]).isEmpty)
    #expect(takeovers(from: [old], to: [source("a", 5, ["q", "r"])]).isEmpty)
    #expect(takeovers(from: [source("a", 5, ["q", "r"])], to: [old]).isEmpty)
    #expect(takeovers(from: [old], to: []).isEmpty)
  }

  @Test func `of one priority the first by name takes over`() {
    #expect(
      takeovers(from: [source("b", 1, ["q"])], to: [source("b", 1, ["q"]), source("a", 1, ["q"])])
        == [takeover("b", "a", ["q"], held: 1)])
  }

  @Test func `both sources are told, in one event each`() {
    let events = Takeover.events([
      takeover("a", "b", ["p", "q", "r", "s"], held: 4), takeover("c", "b", ["x"], held: 0),
    ])
    #expect(Set(events.keys) == ["a", "b", "c"])
    #expect(events.values.allSatisfy { $0.severity == .normal && $0.reason == .routeChanged })
    #expect(
      events["a"]?.message
        == "4 metrics (p, q, r, …) are answered by b now instead of this source, which comes later by priority or name")
    #expect(
      events["b"]?.message
        == "4 metrics (p, q, r, …) are answered by this source now instead of a, which comes later by priority or name;"
        + " 1 metric (x) is answered by this source now instead of c, which no longer has it")
    let many = Takeover.events((0..<9).map { takeover("s\($0)", "b", ["q"], held: 1) })
    #expect(many["b"]?.message.hasSuffix("; and so on with 6 more sources") == true)
  }

  /// Who answers each metric, as the definition says.
  private func answers(_ sources: [RoutedSource]) -> [MetricKey: String] {
    var answers: [MetricKey: String] = [:]
    for source in sources.sorted(by: { ($1.priority, $0.name) < ($0.priority, $1.name) }) {
      for key in source.listing.keys where answers[key] == nil { answers[key] = source.name }
    }
    return answers
  }

  @Test func `it finds what asking for each metric finds`() {
    var generator = SystemRandomNumberGenerator()
    func sources() -> [RoutedSource] {
      (0..<6).filter { _ in Bool.random(using: &generator) }.map { index in
        source(
          "s\(index)", .random(in: 0..<3, using: &generator),
          (0..<8).map { _ in "m\(Int.random(in: 0..<15, using: &generator))" })
      }
    }
    for _ in 0..<100 {
      let (former, next) = (sources(), sources())
      let (before, after) = (answers(former), answers(next))
      var expected: [String: Int] = [:]
      for (key, name) in after {
        if let old = before[key], old != name { expected["\(old) > \(name)", default: 0] += 1 }
      }
      let found = takeovers(from: former, to: next)
      #expect(Dictionary(uniqueKeysWithValues: found.map { ("\($0.former) > \($0.next)", $0.count) }) == expected)
    }
  }
}

/// What the controller tells of routes.
@Suite struct RouteChangeTests {
  private func changes(_ fixture: ControllerFixture, _ name: String) -> [String] {
    fixture.eventReporter.events(of: name).filter { $0.reason == .routeChanged }.map(\.message)
  }

  @Test func `a list that jumps is told once, and not at each resync`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()], resyncInterval: .milliseconds(300))
    fixture.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { fixture.eventReporter.events(of: "a").map(\.reason) == [.synced] })
    backend.list(FakeBackend.custom2, (0..<30).map { "pods/m\($0)" })
    // The one that is no longer listed is retained.
    #expect(await eventually { changes(fixture, "a") == ["metrics routed went from 1 to 31"] })
    let asked = backend.requests.count
    #expect(await eventually { backend.requests.count >= asked + 3 })
    #expect(fixture.eventReporter.events(of: "a").map(\.reason) == [.synced, .routeChanged])
    await fixture.end()
    await backend.end()
  }

  @Test func `metrics taken over are told to both sources, and by the leader alone`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let leader = try ControllerFixture(connectTo: [backend.connectTo()])
    let follower = try ControllerFixture(connectTo: [backend.connectTo()], isLeading: false)
    var higher = plainSpec()
    higher.priority = 9
    let conflicting = "metrics_router_controller_conflicting_sources"
    for fixture in [leader, follower] {
      // Two of one priority, by which it shows when they have been compared.
      fixture.sources.send(.replaced([metricsSource("a", plainSpec()), metricsSource("z", plainSpec())]))
      #expect(await eventually { fixture.registry.scraped(conflicting) == 2 })
      fixture.sources.send(.applied(metricsSource("b", higher)))
      #expect(await eventually { fixture.source("b") != nil })
    }
    #expect(
      await eventually {
        changes(leader, "a") == [
          "1 metric (pods/foo) is answered by b now instead of this source, which comes later by priority or name"
        ]
      })
    #expect(
      await eventually {
        changes(leader, "b") == [
          "1 metric (pods/foo) is answered by this source now instead of a, which comes later by priority or name"
        ]
      })
    leader.sources.send(.deleted(metricsSource("b", higher)))
    #expect(
      await eventually {
        changes(leader, "a").last
          == "1 metric (pods/foo) is answered by this source now instead of b, which no longer has it"
      })
    #expect(changes(leader, "z").isEmpty)
    for name in ["a", "b", "z"] { #expect(follower.eventReporter.events(of: name).isEmpty) }
    await leader.end()
    await follower.end()
    await backend.end()
  }

  @Test func `another priority is told, and a start of the controller is not`() async throws {
    let backend = try await FakeBackend()
    backend.list(FakeBackend.custom2, ["pods/foo"])
    let fixture = try ControllerFixture(connectTo: [backend.connectTo()])
    fixture.sources.send(.replaced([metricsSource("a", plainSpec())]))
    #expect(await eventually { fixture.eventReporter.events(of: "a").map(\.reason) == [.synced] })
    var higher = plainSpec()
    higher.priority = 9
    fixture.sources.send(.applied(metricsSource("a", higher, generation: 2)))
    #expect(await eventually { changes(fixture, "a") == ["its priority went from 1 to 9"] })
    #expect(await eventually { fixture.source("a")?.priority == 9 })
    let status = fixture.reporter.statuses(of: "a").last
    await fixture.stop()

    let next = try ControllerFixture(connectTo: [backend.connectTo()], folder: fixture.folder)
    var source = metricsSource("a", higher, generation: 2)
    source.status = status
    next.sources.send(.replaced([source]))
    #expect(await eventually { next.registry.scraped(#"metrics_router_controller_source_synced{source="a"}"#) == 1 })
    try await Task.sleep(for: .milliseconds(300))
    #expect(next.eventReporter.events(of: "a").isEmpty)
    await next.end()
    await backend.end()
  }
}
