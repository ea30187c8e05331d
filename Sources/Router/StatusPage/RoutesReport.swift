import MetricsAPI
import Routing

/// What `/debug/routes` says: some metrics of the table, each with the sources that may answer it.
struct RoutesReport: Encodable {
  struct Candidate: Encodable {
    enum Reason: String, Encodable {
      case listed, retained, claimed
    }

    var source: String
    var priority: Int
    var reason: Reason
    var isStale: Bool
    /// Whether it is asked at all: the first one is, and those behind it while each falls through.
    var isAsked: Bool
  }

  struct Metric: Encodable {
    /// As explain takes it: `pods/foo`, `queue_length`.
    var metric: String
    var group: String
    /// Of custom metrics; false for external ones.
    var isNamespaced: Bool
    /// The first of them answers.
    var candidates: [Candidate]
    /// Candidates beyond those.
    var omitted: Int
  }

  /// Of the table that this is of.
  var generation: UInt64
  /// How many match in all; nil unless asked from the first on.
  var matches: Int?
  var metrics: [Metric]
  /// What to give as `after` for the next ones; nil where there are none.
  var after: String?

  private static let maximumCandidates = 8

  init(_ loaded: LoadedTable, _ question: MetricSearch.Question) {
    let result = MetricSearch(table: loaded.table).run(question)
    generation = loaded.generation
    matches = result.matches
    metrics = result.keys.map { Self.metric($0, in: loaded.table) }
    after = result.hasMore ? result.keys.last.map(MetricCursor.text) : nil
  }

  /// As asked without a selector in a namespace that no claim names.
  private static func metric(_ key: MetricKey, in table: RoutingTable) -> Metric {
    let candidates = table.candidates(for: MetricQuestion(key))
    var isAsked = true
    let shown = candidates.prefix(maximumCandidates).map { candidate in
      let source = table.source(at: candidate.source)
      defer { isAsked = isAsked && !source.fallThrough.isEmpty }
      return Candidate(
        source: source.name, priority: source.priority, reason: reason(candidate), isStale: source.isStale,
        isAsked: isAsked)
    }
    let omitted = candidates.count - shown.count
    switch key {
    case .external(let name):
      return Metric(metric: name, group: "external", isNamespaced: false, candidates: shown, omitted: omitted)
    case .custom(let metric):
      return Metric(
        metric: "\(metric.resource)/\(metric.name)", group: "custom", isNamespaced: metric.isNamespaced,
        candidates: shown, omitted: omitted)
    }
  }

  private static func reason(_ candidate: Routing.Candidate) -> Candidate.Reason {
    switch candidate.reason {
    case .listed, .pinned: .listed
    case .retained: .retained
    case .claimed: .claimed
    }
  }
}
