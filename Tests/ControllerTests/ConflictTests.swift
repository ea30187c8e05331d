import MetricsAPI
import Routing
import Testing

@testable import metrics_router_controller

@Suite struct ConflictTests {
  private func source(
    _ name: String, priority: Int = 1, _ external: [String], pods: [String] = [], retained: [String] = []
  ) -> RoutedSource {
    var spec = plainSpec(name, [.customMetrics, .externalMetrics])
    spec.priority = priority
    return RoutedSource(
      name: name, spec: spec, port: 80, customVersions: [], externalVersions: [],
      listing: MetricsListing(
        custom: pods.map { CustomMetric(resource: "pods", isNamespaced: true, name: $0) }, external: external),
      retained: retained.isEmpty
        ? [] : [RetainedListing(lastListed: "2026-01-01T00:00:00Z", listing: MetricsListing(external: retained))])
  }

  private func conflicts(among sources: [RoutedSource]) -> [String: Conflict] {
    ConflictFinder.findings(among: sources).conflicts
  }

  @Test func `a conflict is told to both, with the winner`() {
    let found = conflicts(among: [
      source("b", ["q", "r"]), source("a", ["q", "s"]), source("c", ["t"]),
    ])
    #expect(Set(found.keys) == ["a", "b"])
    let example = [MetricKey.external("q")]
    #expect(
      found["a"] == Conflict(priority: 1, count: 1, examples: example, others: ["b"], won: 1, winners: []))
    #expect(
      found["b"] == Conflict(priority: 1, count: 1, examples: example, others: ["a"], won: 0, winners: ["a"]))
    #expect(
      found["a"]?.message
        == "1 metric is routed to b with the same priority 1 too (q): this source answers, its name being the first;"
        + " give the sources different priorities")
    #expect(
      found["b"]?.message
        == "1 metric is routed to a with the same priority 1 too (q): a answers, by the order of names;"
        + " give the sources different priorities")
  }

  @Test func `sources of different priorities are in no conflict`() {
    #expect(conflicts(among: [source("a", ["q"]), source("b", priority: 2, ["q"])]).isEmpty)
  }

  @Test func `a custom and an external metric of one name are two metrics`() {
    #expect(conflicts(among: [source("a", ["q"]), source("b", [], pods: ["q"])]).isEmpty)
  }

  @Test func `what is retained is in conflict too, and never with its own source`() {
    let found = conflicts(
      among: [
        source("a", [], retained: ["q"]), source("b", ["q"], retained: ["x"]), source("c", ["y"], retained: ["y"]),
      ])
    #expect(found["a"]?.count == 1)
    #expect(Set(found.keys) == ["a", "b"])
  }

  @Test func `of many metrics the first three are examples, whatever the order of sources`() {
    let sources = [
      source("a", ["q1", "q2"], pods: ["z", "y"]), source("b", ["q2", "q1"], pods: ["y", "z"]), source("c", ["q1"]),
    ]
    for order in [sources, sources.reversed()] {
      let found = conflicts(among: order)
      #expect(found["b"]?.count == 4)
      #expect(
        found["b"]?.examples == [
          .custom(CustomMetric(resource: "pods", isNamespaced: true, name: "y")),
          .custom(CustomMetric(resource: "pods", isNamespaced: true, name: "z")), .external("q1"),
        ])
      #expect(found["b"]?.others == ["a", "c"])
    }
  }

  @Test func `who wins some and loses others is told both`() {
    let found = conflicts(among: [source("a", ["q"]), source("b", ["q", "r"]), source("c", ["r"])])
    #expect(
      found["b"]?.message
        == "2 metrics are routed to a, c with the same priority 1 too (q, r): this source answers 1 of them, a the rest,"
        + " by the order of names; give the sources different priorities")
  }

  @Test func `of many sources the first by name are named`() {
    let sources = (0..<30).map { source("s\($0 + 10)", ["q"]) }
    let found = conflicts(among: sources.shuffled())
    #expect(found.count == 30)
    #expect(found["s39"]?.others == ["s10", "s11", "s12", "s13"])
    #expect(found["s10"]?.others == ["s11", "s12", "s13", "s14"])
    #expect(found["s39"]?.winners == ["s10"])
    #expect(found["s39"]?.message.contains("s10, s11, s12 and others with") == true)
  }

  /// Compares every two, as the definition says.
  private func slowly(_ sources: [RoutedSource]) -> [String: Set<MetricKey>] {
    var found: [String: Set<MetricKey>] = [:]
    for left in sources {
      for right in sources where right.name != left.name && right.priority == left.priority {
        let common = Set(left.listing.keys).intersection(right.listing.keys)
        if !common.isEmpty { found[left.name, default: []].formUnion(common) }
      }
    }
    return found
  }

  @Test func `it finds what comparing every two finds`() {
    var generator = SplitMix(state: 7)
    for _ in 0..<50 {
      let sources = (0..<8).map { index in
        source(
          "s\(index)", priority: Int.random(in: 0..<3, using: &generator),
          (0..<6).map { _ in "m\(Int.random(in: 0..<12, using: &generator))" },
          pods: (0..<3).map { _ in "m\(Int.random(in: 0..<12, using: &generator))" })
      }
      let found = conflicts(among: sources)
      let expected = slowly(sources)
      #expect(found.mapValues(\.count) == expected.mapValues(\.count))
      for (name, conflict) in found {
        let answered = expected[name, default: []].filter { key in
          sources.first { $0.priority == conflict.priority && $0.listing.keys.contains(key) }?.name == name
        }
        #expect(conflict.won == answered.count)
      }
    }
  }
}

/// A generator of chance that repeats itself.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
