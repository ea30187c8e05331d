import MetricsAPI
import Routing

/// Finds metrics of a routing table for a person. A million of them take some hundred milliseconds, so no event loop does it.
struct MetricSearch: Sendable {
  /// What is looked for.
  struct Question: Sendable {
    var filter = MetricFilter("")
    /// Of the source that must be among those that list it.
    var source: String?
    /// Only metrics that several sources list.
    var isContested = false
    /// The last one that was found before.
    var after: MetricKey?
    var limit = 50
  }

  struct Result: Sendable, Equatable {
    /// In the order of listings: custom ones by resource and name, then external ones.
    var keys: [MetricKey] = []
    /// How many there are in all; nil where the search did not begin with the first.
    var matches: Int?
    /// Whether others follow.
    var hasMore = false
  }

  let table: RoutingTable

  func run(_ question: Question) -> Result {
    let listings = listings(of: question.source)
    var merge = MetricMerge(listings, matching: question.filter, after: question.after)
    var result = Result()
    while let key = next(&merge, question) {
      if result.keys.count == question.limit {
        result.hasMore = true
        break
      }
      result.keys.append(key)
    }
    if question.after == nil { result.matches = count(result, merge, listings, question) }
    return result
  }

  private func next(_ merge: inout MetricMerge, _ question: Question) -> MetricKey? {
    while let key = merge.next() {
      if !question.isContested || table.candidates(listing: key).count > 1 { return key }
    }
    return nil
  }

  /// `rest` is behind the first one that is not in `result`.
  private func count(_ result: Result, _ rest: MetricMerge, _ listings: [MetricsListing], _ question: Question) -> Int {
    guard result.hasMore else { return result.keys.count }
    if question.filter.isEmpty, !question.isContested {
      return question.source == nil ? table.metricCount : listings.reduce(0) { $0 + $1.count }
    }
    var rest = rest
    let found = result.keys.count + 1
    guard question.isContested else { return found + rest.countRest() }
    var count = found
    while next(&rest, question) != nil { count += 1 }
    return count
  }

  private func listings(of name: String?) -> [MetricsListing] {
    guard let name else { return table.sources.flatMap(Self.listings) }
    return table.index(of: name).map { Self.listings(table.source(at: $0)) } ?? []
  }

  /// None has a metric of another.
  private static func listings(_ source: RoutedSource) -> [MetricsListing] {
    [source.listing] + source.retained.map(\.listing)
  }
}
