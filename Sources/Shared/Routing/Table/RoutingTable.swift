package import MetricsAPI

/// Which sources answer which metric. Immutable: a change is a new table.
package final class RoutingTable: Sendable {
  /// Of the snapshot it was built from; grows with every change.
  package let generation: UInt64
  /// By priority, the highest first, then by name: the order in which candidates are asked.
  package let sources: [RoutedSource]
  private let indices: [String: Int32]
  private let listed: ListedSources
  private let customClaims: ClaimIndex
  private let externalClaims: ClaimIndex
  private let shadows: [[Int32]]

  /// Builds the table; the order of `sources` does not matter.
  package init(sources: [RoutedSource], generation: UInt64) {
    let sources = sources.sorted { left, right in
      left.priority != right.priority ? left.priority > right.priority : left.name < right.name
    }
    self.generation = generation
    self.sources = sources
    indices = Dictionary(
      sources.enumerated().map { ($1.name, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    listed = ListedSources(sources)
    customClaims = ClaimIndex(sources, in: .custom)
    externalClaims = ClaimIndex(sources, in: .external)
    shadows = Self.shadows(in: sources, indices)
  }

  /// What all sources list together, for discovery, with what is retained.
  package var metrics: MetricsUnion { listed.metrics }

  /// The same without placeholders as one listing, which is made anew each time.
  package var listing: MetricsListing { metrics.listing.limited(to: MetricsGroup.allCases) }

  /// The sources that may answer `question`, the one to ask first. Empty when none does. Allocates nothing where no claim
  /// matches.
  package func candidates(for question: MetricQuestion) -> ArraySlice<Candidate> {
    let listed = candidates(listing: question.key)
    let claims = question.key.group == .custom ? customClaims : externalClaims
    let claimed = claims.claimants(of: question)
    if claimed.isEmpty { return listed }
    return Self.merge(listed, claimed)
  }

  /// The sources that list `key`, whatever is claimed.
  package func candidates(listing key: MetricKey) -> ArraySlice<Candidate> {
    listed[key]
  }

  /// The source that a ``Candidate`` of this table names.
  package func source(at index: Int32) -> RoutedSource { sources[Int(index)] }

  /// The index of the source that a request names; nil where there is none.
  package func index(of name: String) -> Int32? { indices[name] }

  /// The sources that are to be asked what the one at `index` is asked, to compare the answers. Empty for most.
  package func shadows(of index: Int32) -> [Int32] { shadows[Int(index)] }

  /// How many different metrics are routed by their names.
  package var metricCount: Int { listed.count }

  private static func shadows(in sources: [RoutedSource], _ indices: [String: Int32]) -> [[Int32]] {
    var shadows = [[Int32]](repeating: [], count: sources.count)
    for (index, source) in sources.enumerated() {
      guard let shadowed = source.shadowOf.flatMap({ indices[$0] }), shadowed != index else { continue }
      shadows[Int(shadowed)].append(Int32(index))
    }
    return shadows
  }

  /// Both are in the order of the sources; of a source that is in both, that it lists the metric is the reason.
  private static func merge(_ listed: ArraySlice<Candidate>, _ claimed: [Candidate]) -> ArraySlice<Candidate> {
    var merged: [Candidate] = []
    merged.reserveCapacity(listed.count + claimed.count)
    var listed = listed
    for candidate in claimed {
      while let next = listed.first, next.source <= candidate.source {
        merged.append(next)
        listed.removeFirst()
      }
      if merged.last?.source != candidate.source { merged.append(candidate) }
    }
    merged.append(contentsOf: listed)
    return merged[...]
  }
}
