/// What several listings list together, each metric once, without a copy of any name.
package struct MetricsUnion: Sendable {
  private let listings: [MetricsListing]
  /// How many different metrics of each scope there are.
  package let counts: [MetricScope: Int]

  /// `counts` are those of `listings` together: who made an index of them knows.
  package init(_ listings: [MetricsListing], counts: [MetricScope: Int]) {
    self.listings = listings
    self.counts = counts
  }

  package init(_ listing: MetricsListing) {
    let counts = listing.sections.map { ($0.scope, $0.count) }
    self.init([listing], counts: Dictionary(counts, uniquingKeysWith: +))
  }

  /// All of it as one listing, made anew.
  package var listing: MetricsListing { MetricsListing.union(listings) }

  /// Whether `other` has just these listings too, in whatever order. Equal listings that share what they hold are not looked
  /// into.
  package func hasSameListings(as other: MetricsUnion) -> Bool {
    listings.count == other.listings.count && Set(listings) == Set(other.listings)
  }

  /// The runs of names of each scope of `group`, each run in order.
  func sections(of group: MetricsGroup) -> [MetricScope: [MetricsListing.Section]] {
    let sections = listings.lazy.flatMap(\.sections).filter { $0.scope.group == group }
    return Dictionary(grouping: sections, by: \.scope)
  }
}
