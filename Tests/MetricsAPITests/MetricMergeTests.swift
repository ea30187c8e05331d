import Testing

@testable import MetricsAPI

@Suite struct MetricMergeTests {
  private func pods(_ name: String, isNamespaced: Bool = true) -> CustomMetric {
    CustomMetric(resource: "pods", isNamespaced: isNamespaced, name: name)
  }

  private func all(_ listings: [MetricsListing], _ text: String = "", after: MetricKey? = nil) -> [MetricKey] {
    var merge = MetricMerge(listings, matching: MetricFilter(text), after: after)
    var keys: [MetricKey] = []
    while let key = merge.next() { keys.append(key) }
    return keys
  }

  private let listings = [
    MetricsListing(
      custom: [
        .init(resource: "pods", isNamespaced: true, name: "Http_Requests"),
        .init(resource: "pods", isNamespaced: false, name: "Http_Requests"),
        .init(resource: "nodes", isNamespaced: false, name: "load"),
      ], external: ["queue_length"]),
    MetricsListing(
      custom: [
        .init(resource: "pods", isNamespaced: true, name: "Http_Requests"),
        .init(resource: "pods", isNamespaced: true, name: "http_errors"),
        .init(resource: "deployments.apps", isNamespaced: true, name: "a/b"),
      ], external: ["queue_age", "queue_length"]),
    MetricsListing(),
  ]

  @Test func `several listings are gone through in the order of one, each metric once`() {
    #expect(all(listings) == Array(MetricsListing.union(listings).keys))
    #expect(all([]) == [])
    var merge = MetricMerge(listings, matching: MetricFilter(""))
    #expect(merge.next() == MetricsListing.union(listings).key(at: 0))
    #expect(merge.countRest() == 6)
    #expect(merge.next() == nil)
  }

  @Test func `listings at random are gone through as their union is, from anywhere on`() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = Generator(state: seed)
    for _ in 0..<100 {
      let listings = (0..<Int.random(in: 1...6, using: &random)).map { _ in
        MetricsListing(
          custom: (0..<Int.random(in: 0...12, using: &random)).map { _ in
            CustomMetric(
              resource: Bool.random(using: &random) ? "pods" : "nodes", isNamespaced: .random(using: &random),
              name: "m\(Int.random(in: 0...9, using: &random))")
          },
          external: (0..<Int.random(in: 0...5, using: &random)).map { _ in "m\(Int.random(in: 0...9, using: &random))" }
        )
      }
      let union = Array(MetricsListing.union(listings).keys)
      #expect(all(listings) == union, "seed \(seed)")
      for (index, key) in union.enumerated() {
        #expect(all(listings, after: key) == Array(union[(index + 1)...]), "seed \(seed)")
      }
      let wanted = union.filter { $0.metricName.contains("3") }
      #expect(all(listings, "3") == wanted, "seed \(seed)")
    }
  }

  @Test func `a search goes on behind a metric that is no longer listed`() {
    #expect(
      all(listings, after: .custom(pods("a"))) == [
        .custom(pods("http_errors")), .external("queue_age"), .external("queue_length"),
      ])
    #expect(all(listings, after: .external("queue_b")) == [.external("queue_length")])
    #expect(all(listings, after: .external("z")) == [])
  }

  @Test(arguments: [
    ("HTTP", 3), ("http requests", 2), ("pods/http", 3), ("ods/http_e", 1), ("pods", 3), ("apps/a/b", 1), ("a/b", 1),
    ("queue", 2), ("queue pods", 0), ("nodes/oad", 0), ("s/", 5), ("load nodes", 1), ("  ", 7), ("httpx", 0),
    ("deployments.apps/a/b/c", 0), ("/", 5),
  ])
  func `all words must occur in resource and name, in upper or lower case`(_ text: String, _ count: Int) {
    #expect(all(listings, text).count == count)
  }

  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 33
    }
  }
}
