import MetricsAPI
import Routing

/// Finds the metrics that several sources of one priority have: those that they list and those that are retained.
///
/// A thousand sources of one priority with a thousand metrics each are a million names. They are compared by their hashes,
/// sorted in a flat array, and by themselves only where hashes are equal.
struct ConflictFinder {
  /// The conflicts of each source that has any, by its name. The same for the same sources, whatever their order.
  static func conflicts(among sources: [RoutedSource]) -> [String: Conflict] {
    var found: [String: Conflict] = [:]
    for (priority, group) in Dictionary(grouping: sources, by: \.priority) where group.count > 1 {
      var finder = ConflictFinder(sources: group.sorted { $0.name < $1.name })
      finder.find()
      for (index, tally) in finder.tallies.enumerated() where tally.count > 0 {
        found[finder.sources[index].name] = Conflict(
          priority: priority, count: tally.count, examples: tally.examples,
          others: tally.others.map { finder.sources[Int($0)].name }, won: tally.won,
          winners: tally.winners.map { finder.sources[Int($0)].name })
      }
    }
    return found
  }

  /// One metric of one source.
  private struct Entry {
    var hash: Int
    /// Among ``sources``.
    var source: Int32
    /// 0 for what it lists, n for its nth retained batch.
    var batch: Int32
    /// In that listing.
    var position: Int32
  }

  private struct Tally {
    var count = 0
    var won = 0
    var examples: [MetricKey] = []
    var others: [Int32] = []
    var winners: [Int32] = []
  }

  /// All of one priority, by name.
  private let sources: [RoutedSource]
  private var tallies: [Tally]

  private init(sources: [RoutedSource]) {
    self.sources = sources
    tallies = Array(repeating: Tally(), count: sources.count)
  }

  private mutating func find() {
    let entries = entries()
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end].hash == entries[start].hash { end += 1 }
      if end - start > 1 { compare(entries[start..<end]) }
      start = end
    }
  }

  private func entries() -> [Entry] {
    var entries: [Entry] = []
    entries.reserveCapacity(sources.reduce(0) { $0 + $1.metricCount })
    for (index, source) in sources.enumerated() {
      for (batch, listing) in ([source.listing] + source.retained.map(\.listing)).enumerated() {
        for section in listing.sections {
          section.forEachHash { position, hash in
            entries.append(
              Entry(hash: hash, source: Int32(index), batch: Int32(batch), position: Int32(position)))
          }
        }
      }
    }
    entries.sort { ($0.hash, $0.source) < ($1.hash, $1.source) }
    return entries
  }

  /// Entries of one hash, by source. Nearly always they are of one metric.
  private mutating func compare(_ entries: ArraySlice<Entry>) {
    var rest = Array(entries)
    while let first = rest.first {
      let metric = key(first)
      var owners: [Int32] = []
      rest.removeAll { entry in
        guard key(entry) == metric else { return false }
        if owners.last != entry.source { owners.append(entry.source) }
        return true
      }
      if owners.count > 1 { count(metric, of: owners) }
    }
  }

  private mutating func count(_ metric: MetricKey, of owners: [Int32]) {
    let winner = owners[0]
    let limit = Conflict.maximumNames + 1
    for owner in owners {
      tallies[Int(owner)].count += 1
      Self.insert(metric, into: &tallies[Int(owner)].examples, limit: Conflict.maximumExamples, Self.precedes)
      for other in owners.prefix(limit + 1) where other != owner {
        Self.insert(other, into: &tallies[Int(owner)].others, limit: limit, <)
      }
      if owner == winner {
        tallies[Int(owner)].won += 1
      } else {
        Self.insert(winner, into: &tallies[Int(owner)].winners, limit: limit, <)
      }
    }
  }

  /// Keeps the first `limit` in order, each once: examples do not depend on hashes, which differ from run to run.
  private static func insert<Element: Equatable>(
    _ element: Element, into kept: inout [Element], limit: Int, _ precedes: (Element, Element) -> Bool
  ) {
    if kept.count == limit, let last = kept.last, !precedes(element, last) { return }
    guard !kept.contains(element) else { return }
    kept.insert(element, at: kept.firstIndex { precedes(element, $0) } ?? kept.count)
    if kept.count > limit { kept.removeLast() }
  }

  private static func precedes(_ left: MetricKey, _ right: MetricKey) -> Bool {
    switch (left, right) {
    case (.custom(let left), .custom(let right)): left < right
    case (.external(let left), .external(let right)): left < right
    case (.custom, .external): true
    case (.external, .custom): false
    }
  }

  private func key(_ entry: Entry) -> MetricKey {
    let source = sources[Int(entry.source)]
    let listing = entry.batch == 0 ? source.listing : source.retained[Int(entry.batch) - 1].listing
    return listing.key(at: Int(entry.position))
  }
}
