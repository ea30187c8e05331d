/// Goes through the metrics of several listings that a filter lets through as through those of one: in order, each once, and
/// without making a name of any that is not asked for.
package struct MetricMerge {
  /// What is left of a listing; its position is at a metric that the filter lets through.
  private struct Rest {
    let sections: [MetricsListing.Section]
    var number: Int
    var position: Int
    var filter: MetricFilter.OfScope

    var section: MetricsListing.Section { sections[number] }
  }

  private let filter: MetricFilter
  /// A binary heap: each element goes before those at twice its index plus one and two.
  private var rests: [Rest] = []
  private var last: (section: MetricsListing.Section, position: Int)?

  /// Begins behind `after`, whether that is listed or not.
  package init(_ listings: [MetricsListing], matching filter: MetricFilter, after: MetricKey? = nil) {
    self.filter = filter
    let start = after.flatMap { Self.listing(of: $0).sections.first }
    for listing in listings {
      if let rest = rest(of: listing.sections, after: start) { rests.append(rest) }
    }
    for index in rests.indices.reversed() { sink(index) }
  }

  /// Nil behind the last one.
  package mutating func next() -> MetricKey? {
    guard advance(), let last else { return nil }
    return last.section.scope.key(last.section.names[last.position])
  }

  /// How many are left, which are gone through.
  package mutating func countRest() -> Int {
    var count = 0
    while advance() { count += 1 }
    return count
  }

  private static func listing(of key: MetricKey) -> MetricsListing {
    switch key {
    case .custom(let metric): MetricsListing(custom: [metric])
    case .external(let name): MetricsListing(external: [name])
    }
  }

  private func rest(of sections: [MetricsListing.Section], after start: MetricsListing.Section?) -> Rest? {
    for (number, section) in sections.enumerated() {
      var position = section.range.lowerBound
      if let start {
        position = section.range.firstPosition { Self.order(section, $0, start, start.range.lowerBound) > 0 }
      }
      guard position < section.range.upperBound else { continue }
      var rest = Rest(sections: sections, number: number, position: position, filter: filter.limited(to: section.scope))
      return Self.seek(&rest, filter) ? rest : nil
    }
    return nil
  }

  /// Moves on to the next metric that the filter lets through, which may be the one where it is. False where there is none.
  private static func seek(_ rest: inout Rest, _ filter: MetricFilter) -> Bool {
    while true {
      let section = rest.section
      while rest.position < section.range.upperBound {
        if filter.isEmpty || section.names.withBytes(at: rest.position, rest.filter.matches) { return true }
        rest.position += 1
      }
      guard rest.number + 1 < rest.sections.count else { return false }
      rest.number += 1
      rest.position = rest.section.range.lowerBound
      rest.filter = filter.limited(to: rest.section.scope)
    }
  }

  /// False behind the last one.
  private mutating func advance() -> Bool {
    while let first = rests.first {
      let found = (section: first.section, position: first.position)
      rests[0].position += 1
      if !Self.seek(&rests[0], filter) {
        rests.swapAt(0, rests.count - 1)
        rests.removeLast()
      }
      sink(0)
      let isRepeated = last.map { Self.order($0.section, $0.position, found.section, found.position) == 0 } ?? false
      last = found
      if !isRepeated { return true }
    }
    return false
  }

  private mutating func sink(_ start: Int) {
    var index = start
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2] where child < rests.count && precedes(child, least) { least = child }
      if least == index { return }
      rests.swapAt(index, least)
      index = least
    }
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    Self.order(rests[left].section, rests[left].position, rests[right].section, rests[right].position) < 0
  }

  /// Below zero where the first metric goes before the second in a listing, zero where both are the same.
  private static func order(
    _ left: MetricsListing.Section, _ leftPosition: Int, _ right: MetricsListing.Section, _ rightPosition: Int
  ) -> Int {
    let resources = left.scope.compareResource(right.scope)
    if resources != 0 { return resources }
    let names = left.names.compare(leftPosition, right.names, rightPosition)
    if names != 0 || left.scope == right.scope { return names }
    return left.scope.isNamespacedBefore(right.scope) ? -1 : 1
  }
}
