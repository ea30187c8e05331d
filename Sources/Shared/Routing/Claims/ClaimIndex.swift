import MetricsAPI

/// The claims of all sources that can match metrics of one group. Each claim is filed under one thing that a request must
/// have for it to match, so that a request is held against few of them.
final class ClaimIndex: Sendable {
  /// A claim that one or more sources make.
  private struct Entry: Sendable {
    let claim: Claim
    /// With the claim's index among those of the source.
    var owners: [Candidate]
  }

  private let entries: [Entry]
  private let metrics: PrefixIndex
  private let resources: PrefixIndex
  private let namespaces: PrefixIndex
  private let selectorKeys: SelectorKeyIndex

  /// `sources` are in the order in which they are asked.
  init(_ sources: [RoutedSource], in group: MetricsGroup) {
    let type = MetricsSourceSpec.MetricType(group)
    var entries: [Entry] = []
    var numbers: [Claim: Int] = [:]
    for (position, source) in sources.enumerated() where source.serves(group) {
      for (index, claim) in source.claims.enumerated() where claim.reaches(type) {
        let owner = Candidate(source: Int32(position), reason: .claimed(Int32(index)))
        if let number = numbers[claim] {
          entries[number].owners.append(owner)
        } else {
          numbers[claim] = entries.count
          entries.append(Entry(claim: claim, owners: [owner]))
        }
      }
    }
    let keys = ClaimIndexKey.choose(for: entries.map(\.claim))
    let keyed = Array(zip(keys, Int32(0)...))
    metrics = PrefixIndex(keyed.flatMap { key, number in key.prefixes(.metrics).map { ($0, number) } })
    resources = PrefixIndex(keyed.flatMap { key, number in key.prefixes(.resources).map { ($0, number) } })
    namespaces = PrefixIndex(keyed.flatMap { key, number in key.prefixes(.namespaces).map { ($0, number) } })
    selectorKeys = SelectorKeyIndex(keyed.compactMap { key, number in key.selectorKey.map { ($0, number) } })
    self.entries = entries
  }

  /// The sources that have a claim that matches, in their order, each with the first of its claims that does. Allocates
  /// nothing where there is none.
  func claimants(of question: MetricQuestion) -> [Candidate] {
    if entries.isEmpty { return [] }
    var found: [Candidate] = []
    func hold(_ number: Int32) {
      if entries[Int(number)].claim.matches(question) { found += entries[Int(number)].owners }
    }
    metrics.forEach(prefixOf: question.key.metricName, hold)
    if case .custom(let metric) = question.key { resources.forEach(prefixOf: metric.resource, hold) }
    if let namespace = question.namespace { namespaces.forEach(prefixOf: namespace, hold) }
    if let selector = question.metricSelector { selectorKeys.forEach(in: selector, hold) }
    if let selector = question.objectSelector { selectorKeys.forEach(in: selector, hold) }
    return found.count > 1 ? Self.firsts(found) : found
  }

  private static func firsts(_ found: [Candidate]) -> [Candidate] {
    var firsts: [Candidate] = []
    for candidate in found.sorted(by: { ($0.source, $0.claim) < ($1.source, $1.claim) })
    where firsts.last?.source != candidate.source {
      firsts.append(candidate)
    }
    return firsts
  }
}

extension Candidate {
  /// Of the claim that matches; 0 where there is none.
  fileprivate var claim: Int32 { if case .claimed(let index) = reason { index } else { 0 } }
}
