package import MetricsAPI

/// Which sources answer which metric. Immutable: a change is a new table.
package final class RoutingTable: Sendable {
  /// Of the snapshot it was built from; grows with every change.
  package let generation: UInt64
  /// By priority, the highest first, then by name: the order in which candidates are asked.
  package let sources: [RoutedSource]
  /// What all sources list together, for discovery; without placeholders.
  package let listing: MetricsListing
  private let ranges: [MetricKey: Range<Int32>]
  private let candidates: [Candidate]

  /// Builds the table; the order of `sources` does not matter.
  package init(sources: [RoutedSource], generation: UInt64) {
    let sources = sources.sorted { left, right in
      left.priority != right.priority ? left.priority > right.priority : left.name < right.name
    }
    var sourcesOf: [MetricKey: [Int32]] = [:]
    for (index, source) in sources.enumerated() {
      for metric in source.listing.custom { sourcesOf[.custom(metric), default: []].append(Int32(index)) }
      for name in source.listing.external { sourcesOf[.external(name), default: []].append(Int32(index)) }
    }
    var ranges: [MetricKey: Range<Int32>] = [:]
    var candidates: [Candidate] = []
    ranges.reserveCapacity(sourcesOf.count)
    for (key, indices) in sourcesOf {
      let start = Int32(candidates.count)
      candidates.append(contentsOf: indices.map { Candidate(source: $0, reason: .listed) })
      ranges[key] = start..<Int32(candidates.count)
    }
    self.generation = generation
    self.sources = sources
    self.ranges = ranges
    self.candidates = candidates
    listing = MetricsListing(
      custom: sources.flatMap(\.listing.custom), external: sources.flatMap(\.listing.external))
  }

  /// The sources that may answer `key`, the one to ask first. Empty when none does. Allocates nothing.
  package func candidates(for key: MetricKey) -> ArraySlice<Candidate> {
    guard let range = ranges[key] else { return [] }
    return candidates[Int(range.lowerBound)..<Int(range.upperBound)]
  }

  package func source(at index: Int32) -> RoutedSource { sources[Int(index)] }

  /// How many different metrics are routed.
  package var metricCount: Int { ranges.count }
}
