import MetricsAPI
import Routing

/// What `/debug/explain?output=json` says: the same as its text, for the page to lay out.
struct VerdictReport: Encodable {
  enum Verdict: String, Encodable {
    /// It is asked first.
    case answers
    /// It is asked where the one before it falls through.
    case next
    /// The one before it always answers.
    case loses
  }

  struct Candidate: Encodable {
    var source: String
    var priority: Int
    var backend: String
    var verdict: Verdict
    /// The outcomes of the one before it after which it is asked.
    var after: [FallThrough]
    var why: String
    /// RFC 3339, where it no longer lists the metric.
    var lastListed: String?
    var isStale: Bool
  }

  struct Bystander: Encodable {
    var source: String
    var priority: Int
    var why: String
  }

  /// What a candidate said when it was asked.
  struct Finding: Encodable {
    var source: String
    var status: Int
    var milliseconds: Double
    /// Nil for an answer.
    var outcome: FallThrough?
    var fallsThrough: Bool
    var says: String
  }

  /// `custom metric pods/foo(namespaced)`
  var metric: String
  /// The message of the 404 that is answered; nil where there is a candidate.
  var refusal: String?
  var candidates: [Candidate]
  var bystanders: [Bystander]
  /// Sources beyond those.
  var omittedBystanders: Int
  /// Nil where they were not asked.
  var findings: [Finding]?

  private static let maximumBystanders = 50

  init(_ explanation: Explanation, findings: [CandidateProbe.Finding]?) {
    metric = explanation.question.key.description
    refusal = explanation.candidates.isEmpty ? explanation.refusal : nil
    let reachable = explanation.reachableCount
    candidates = explanation.candidates.enumerated().map { position, candidate in
      let source = candidate.source
      var lastListed: String?
      if case .retained = candidate.reason { lastListed = explanation.lastListed(by: source) }
      return Candidate(
        source: source.name, priority: source.priority, backend: source.backend.description,
        verdict: position == 0 ? .answers : position < reachable ? .next : .loses,
        after: position == 0 ? [] : explanation.candidates[position - 1].source.fallThrough.outcomes,
        why: Explanation.text(candidate.reason, of: source), lastListed: lastListed, isStale: source.isStale)
    }
    let told = explanation.bystanders.prefix(Self.maximumBystanders)
    bystanders = told.map { bystander in
      Bystander(
        source: bystander.source.name, priority: bystander.source.priority, why: explanation.text(bystander))
    }
    omittedBystanders = explanation.bystanders.count - told.count
    self.findings = findings?.map { finding in
      let (seconds, attoseconds) = finding.duration.components
      return Finding(
        source: finding.source.name, status: finding.status,
        milliseconds: Double(seconds) * 1000 + Double(attoseconds / 100_000_000_000_000) / 10,
        outcome: finding.outcome, fallsThrough: finding.outcome.map(finding.source.fallThrough.contains) ?? false,
        says: FindingsTable.words(of: finding))
    }
  }
}
