import MetricsAPI
import Routing
import Testing

@Suite struct TableModelTests {
  @Test(arguments: 1...200 as ClosedRange<UInt64>)
  func `A table finds what holding every source against the question finds`(seed: UInt64) {
    var random = RandomTable(seed: seed)
    let sources = random.sources()
    let table = RoutingTable(sources: sources.shuffled(), generation: 1)
    let model = LinearTable(sources)
    for _ in 0..<100 {
      let question = random.question()
      #expect(Array(table.candidates(for: question)) == model.candidates(for: question), "\(question)")
      #expect(Array(table.candidates(listing: question.key)) == model.candidates(listing: question.key))
    }
  }

  @Test(arguments: 1...50 as ClosedRange<UInt64>)
  func `A table counts and lists each metric once, in the order of bytes`(seed: UInt64) {
    var random = RandomTable(seed: seed)
    let sources = random.sources()
    let table = RoutingTable(sources: sources, generation: 1)
    let listings = sources.flatMap { [$0.listing] + $0.retained.map(\.listing) }
    let listing = MetricsListing(custom: listings.flatMap(\.custom), external: listings.flatMap(\.external))
    #expect(table.listing == listing)
    #expect(table.metricCount == Set(listings.flatMap { Array($0.keys) }).count)
    for (scope, count) in table.metrics.counts {
      #expect(count == listing.sections.filter { $0.scope == scope }.reduce(0) { $0 + $1.count })
    }
  }

  @Test(arguments: 1...50 as ClosedRange<UInt64>, [1, 3, 100])
  func `Discovery lists the same of a table as of the listing of it all`(seed: UInt64, maximum: Int) {
    var random = RandomTable(seed: seed)
    let table = RoutingTable(sources: random.sources(), generation: 1)
    for group in MetricsGroup.allCases {
      let merged = DiscoveryResources(group, of: table.metrics, maximumCount: maximum)
      let whole = DiscoveryResources(group, of: table.listing, maximumCount: maximum)
      #expect(merged.omittedCount == whole.omittedCount)
      for version in group.versions {
        #expect(
          DiscoveryDocument.resourceList(version, of: merged) == DiscoveryDocument.resourceList(version, of: whole))
      }
      #expect(
        DiscoveryDocument.aggregated(.v2, of: [merged]) == DiscoveryDocument.aggregated(.v2, of: [whole]))
    }
  }

  @Test(arguments: 0...20)
  func `A metric that is not there is not found, however few there are`(count: Int) {
    let names = (0..<count).map { "q\($0)" }
    let table = RoutingTable(sources: [source("a", external: names)], generation: 1)
    #expect(names.allSatisfy { table.candidates(listing: .external($0)).count == 1 })
    #expect((count..<count + 50).allSatisfy { table.candidates(listing: .external("q\($0)")).isEmpty })
    #expect(table.metricCount == count)
  }

  @Test func `Every one of many metrics is found, and no other`() {
    let sources = (0..<40).map { index in
      source(
        "s\(index)", priority: index % 3, custom: (0..<250).map { pods("m\($0 + 10 * index)") },
        external: (0..<100).map { "q\($0)" })
    }
    let table = RoutingTable(sources: sources, generation: 1)
    let model = LinearTable(sources)
    #expect(table.metricCount == 640 + 100)
    for number in stride(from: 0, to: 700, by: 7) {
      for key in [MetricKey.custom(pods("m\(number)")), .external("q\(number)")] {
        #expect(Array(table.candidates(listing: key)) == model.candidates(listing: key))
      }
    }
  }
}
