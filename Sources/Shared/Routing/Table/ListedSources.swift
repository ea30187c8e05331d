import MetricsAPI

/// Which sources list which metric, of all that are routed.
struct ListedSources: Sendable {
  /// What all sources list together, with what is retained.
  let metrics: MetricsUnion
  private let index: MetricIndex
  private let lists: CandidateLists

  /// `sources` are in the order in which they are asked.
  init(_ sources: [RoutedSource]) {
    var listings: [MetricsListing] = []
    var candidates: [Candidate] = []
    for (position, source) in sources.enumerated() {
      listings.append(source.listing)
      candidates.append(Candidate(source: Int32(position), reason: .listed))
      for retained in source.retained {
        listings.append(retained.listing)
        candidates.append(Candidate(source: Int32(position), reason: .retained))
      }
    }
    var index = MetricIndex(listings)
    var builder = CandidateLists.Builder()
    var counts: [MetricScope: Int] = [:]
    for (number, listing) in listings.enumerated() {
      for section in listing.sections {
        var added = 0
        section.forEachHash { position, hash in
          let isNew = index.update(listing: number, position: position, hash: hash) { list in
            builder.appending(candidates[number], to: list)
          }
          if isNew { added += 1 }
        }
        counts[section.scope, default: 0] += added
      }
    }
    let (lists, places) = builder.lists(index.numbers)
    index.finish { places[Int($0)] }
    self.index = index
    self.lists = lists
    metrics = MetricsUnion(listings, counts: counts)
  }

  /// How many different metrics there are.
  var count: Int { index.count }

  /// Those that list `key`, in their order. Allocates nothing.
  subscript(key: MetricKey) -> ArraySlice<Candidate> {
    guard let list = index.number(of: key) else { return [] }
    return lists[list]
  }
}
