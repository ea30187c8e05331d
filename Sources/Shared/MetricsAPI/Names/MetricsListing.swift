/// The metrics that a backend says it serves. Each list is sorted and without repetition.
package struct MetricsListing: Hashable, Sendable {
  package let custom: [CustomMetric]
  package let external: [String]
  /// Entries that adapters list for want of real ones, as they wrote them. They are no metrics and route nothing.
  package let placeholders: [String]

  package init(custom: [CustomMetric] = [], external: [String] = [], placeholders: [String] = []) {
    self.custom = Self.sorted(custom)
    self.external = Self.sorted(external)
    self.placeholders = Self.sorted(placeholders)
  }

  /// The number of metrics, without placeholders.
  package var count: Int { custom.count + external.count }

  package var isEmpty: Bool { count == 0 }

  /// What either lists, as when one backend answers for several group-versions.
  package func union(_ other: MetricsListing) -> MetricsListing {
    MetricsListing(
      custom: custom + other.custom, external: external + other.external,
      placeholders: placeholders + other.placeholders)
  }

  private static func sorted<Element: Comparable>(_ elements: [Element]) -> [Element] {
    if zip(elements, elements.dropFirst()).allSatisfy({ $0 < $1 }) { return elements }
    var result: [Element] = []
    result.reserveCapacity(elements.count)
    for element in elements.sorted() where result.last != element { result.append(element) }
    return result
  }
}
