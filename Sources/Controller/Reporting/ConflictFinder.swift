import MetricsAPI
import Routing

/// Finds the metrics that several sources have, those that they list and those that are retained: which of them are of one
/// priority, and which are answered by another source than before.
///
/// A thousand sources with a thousand metrics each are a million names. They are compared by their hashes, sorted in a flat
/// array, and by themselves only where hashes are equal.
struct ConflictFinder {
  /// The same for the same sources, whatever their order.
  struct Findings: Sendable {
    /// Of each source that has any, by its name.
    var conflicts: [String: Conflict] = [:]
    /// Since the former comparison, by the names of both.
    var takeovers: [Takeover] = []
    var answering: AnsweringSources
  }

  /// `former` is what was found the last time; nil the first time, when nothing was taken over.
  static func findings(among sources: [RoutedSource], since former: AnsweringSources? = nil) -> Findings {
    var finder = ConflictFinder(
      sources: sources.sorted { ($1.priority, $0.name) < ($0.priority, $1.name) }, former: former)
    finder.find()
    var findings = Findings(answering: finder.answering)
    for (index, tally) in finder.tallies.enumerated() where tally.count > 0 {
      let source = finder.sources[index]
      findings.conflicts[source.name] = Conflict(
        priority: source.priority, count: tally.count, examples: tally.examples,
        others: tally.others.map { finder.sources[Int($0)].name }, won: tally.won,
        winners: tally.winners.map { finder.sources[Int($0)].name })
    }
    findings.takeovers = finder.moves.values.sorted { ($0.former, $0.next) < ($1.former, $1.next) }
    return findings
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

  /// Two sources, of the former ones and of these.
  private struct Move: Hashable {
    var former: Int32
    var next: Int32
  }

  /// By rank: the first that has a metric answers it.
  private let sources: [RoutedSource]
  private let former: AnsweringSources?
  /// Where each of the former sources stands among ``sources``; nil for one that is gone.
  private let places: [Int32?]
  private var position = 0
  private var tallies: [Tally]
  private var moves: [Move: Takeover] = [:]
  private var answering: AnsweringSources

  private init(sources: [RoutedSource], former: AnsweringSources?) {
    self.sources = sources
    self.former = former
    let known = Dictionary(uniqueKeysWithValues: sources.enumerated().map { ($1.name, Int32($0)) })
    places = former?.names.map { known[$0] } ?? []
    tallies = Array(repeating: Tally(), count: sources.count)
    answering = AnsweringSources(names: sources.map(\.name))
  }

  private mutating func find() {
    let entries = entries()
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end].hash == entries[start].hash { end += 1 }
      compare(entries[start..<end])
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
    guard let first = entries.first else { return }
    if entries.count == 1 { return answer(first, owners: [first.source]) }
    var rest = Array(entries)
    var isSingle = true
    while let first = rest.first {
      let metric = key(first)
      var owners: [Int32] = []
      rest.removeAll { entry in
        guard key(entry) == metric else { return false }
        if owners.last != entry.source { owners.append(entry.source) }
        return true
      }
      if rest.isEmpty, isSingle { answer(first, owners: owners) }
      isSingle = false
      count(metric, of: owners)
    }
  }

  /// A metric whose hash no other one has, by the first of its owners.
  private mutating func answer(_ entry: Entry, owners: [Int32]) {
    answering.append(entry.hash, entry.source)
    guard let former else { return }
    while position < former.hashes.count, former.hashes[position] < entry.hash { position += 1 }
    guard position < former.hashes.count, former.hashes[position] == entry.hash else { return }
    let winner = former.winners[position]
    let place = places[Int(winner)]
    guard place != entry.source else { return }
    var move =
      moves[Move(former: winner, next: entry.source)]
      ?? Takeover(
        former: former.names[Int(winner)], next: sources[Int(entry.source)].name, count: 0, held: 0, examples: [])
    move.count += 1
    if let place, owners.contains(place) { move.held += 1 }
    Self.insert(key(entry), into: &move.examples, limit: Takeover.maximumExamples, Self.precedes)
    moves[Move(former: winner, next: entry.source)] = move
  }

  /// The owners of one priority each.
  private mutating func count(_ metric: MetricKey, of owners: [Int32]) {
    var rest = owners[...]
    while let first = rest.first {
      let priority = sources[Int(first)].priority
      let peers = rest.prefix { sources[Int($0)].priority == priority }
      if peers.count > 1 { count(metric, ofPeers: peers) }
      rest = rest.dropFirst(peers.count)
    }
  }

  private mutating func count(_ metric: MetricKey, ofPeers owners: ArraySlice<Int32>) {
    guard let winner = owners.first else { return }
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
