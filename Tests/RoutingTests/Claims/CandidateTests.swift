import MetricsAPI
import Routing
import Testing

@Suite struct CandidateTests {
  private func claiming(_ name: String, priority: Int, _ claims: Claim..., external: [String] = []) -> RoutedSource {
    var claiming = source(name, priority: priority, external: external)
    claiming.claims = claims
    return claiming
  }

  private func names(_ table: RoutingTable, _ question: MetricQuestion) -> [String] {
    table.candidates(for: question).map { table.source(at: $0.source).name }
  }

  @Test func `Sources that list and sources that claim are asked by priority, then name`() {
    let table = RoutingTable(
      sources: [
        claiming("d-claims", priority: 20, Claim(metrics: [Glob("q*")])),
        source("c-lists", priority: 30, external: ["qlen"]),
        source("a-lists", priority: 10, external: ["qlen"]), claiming("b-claims", priority: 10, Claim()),
        claiming("z-claims", priority: 40, Claim(metrics: [Glob("q*")])),
        claiming("no", priority: 50, Claim(metrics: [Glob("p*")])),
      ], generation: 1)
    #expect(
      names(table, MetricQuestion(.external("qlen"))) == ["z-claims", "c-lists", "d-claims", "a-lists", "b-claims"])
    #expect(names(table, MetricQuestion(.external("other"))) == ["b-claims"])
  }

  @Test func `A source that lists what it claims is one candidate, by its list`() {
    let table = RoutingTable(
      sources: [claiming("a", priority: 1, Claim(), Claim(), external: ["qlen"])], generation: 1)
    #expect(table.candidates(for: MetricQuestion(.external("qlen"))).map(\.reason) == [.listed])
    #expect(table.candidates(for: MetricQuestion(.external("other"))).map(\.reason) == [.claimed(0)])
  }

  @Test func `The reason names the first claim that matches`() {
    let table = RoutingTable(
      sources: [claiming("a", priority: 1, Claim(metrics: [Glob("b*")]), Claim(metrics: [Glob("q*")]))], generation: 1)
    #expect(table.candidates(for: MetricQuestion(.external("qlen"))).map(\.reason) == [.claimed(1)])
  }

  @Test func `A claim reaches no further than the source's metric types`() {
    var external = claiming("a", priority: 1, Claim())
    external.metricTypes = [.externalMetrics]
    let table = RoutingTable(sources: [external], generation: 1)
    #expect(names(table, MetricQuestion(.external("qlen"))) == ["a"])
    #expect(names(table, MetricQuestion(.custom(pods("qlen")), namespace: "ns")) == [])
  }

  @Test func `What was listed a short while ago stays routed and listed`() {
    var source = source("a", external: ["qlen"])
    source.retained = [
      RetainedListing(
        lastListed: "2026-06-24T07:02:19Z", listing: MetricsListing(custom: [pods("idle")], external: ["idle", "qlen"]))
    ]
    let table = RoutingTable(sources: [source], generation: 1)
    #expect(table.candidates(for: MetricQuestion(.external("idle"))).map(\.reason) == [.retained])
    #expect(table.candidates(for: MetricQuestion(.custom(pods("idle")))).map(\.reason) == [.retained])
    #expect(table.candidates(for: MetricQuestion(.external("qlen"))).map(\.reason) == [.listed])
    #expect(table.listing.external == ["idle", "qlen"])
    #expect(table.metricCount == 3)
  }

  @Test func `A placeholder routes nothing`() {
    let table = RoutingTable(sources: [source("a", placeholders: ["externalmetrics"])], generation: 1)
    #expect(names(table, MetricQuestion(.external("externalmetrics"))) == [])
  }
}
