import MetricsAPI
import Routing

/// Candidates as they are defined: every source is held against every question, one claim after another.
struct LinearTable {
  private let sources: [RoutedSource]

  init(_ sources: [RoutedSource]) {
    self.sources = sources.sorted { ($1.priority, $0.name) < ($0.priority, $1.name) }
  }

  func candidates(for question: MetricQuestion) -> [Candidate] {
    sources.enumerated().compactMap { index, source in
      reason(source, question).map { Candidate(source: Int32(index), reason: $0) }
    }
  }

  func candidates(listing key: MetricKey) -> [Candidate] {
    candidates(for: MetricQuestion(key)).filter { $0.reason == .listed || $0.reason == .retained }
  }

  private func reason(_ source: RoutedSource, _ question: MetricQuestion) -> Candidate.Reason? {
    if lists(source.listing, question.key) { return .listed }
    if source.retained.contains(where: { lists($0.listing, question.key) }) { return .retained }
    guard source.serves(question.key.group) else { return nil }
    return source.claims.firstIndex { $0.matches(question) }.map { .claimed(Int32($0)) }
  }

  private func lists(_ listing: MetricsListing, _ key: MetricKey) -> Bool {
    switch key {
    case .custom(let metric): Array(listing.custom).contains(metric)
    case .external(let name): Array(listing.external).contains { $0.hasSameBytes(as: name) }
    }
  }
}
