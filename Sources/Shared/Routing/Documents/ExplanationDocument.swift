import MetricsAPI

/// An ``Explanation`` as programs read it (`explain -o json`).
package struct ExplanationDocument: Encodable, Sendable, Equatable {
  /// Why a source is a candidate.
  package enum Reason: String, Encodable, Sendable {
    case listed = "Listed"
    case retained = "Retained"
    case claimed = "Claimed"
    case pinned = "Pinned"
  }

  /// Why a source is none.
  package enum Absence: String, Encodable, Sendable {
    case notListed = "NotListed"
    case otherScope = "OtherScope"
    case placeholderOnly = "PlaceholderOnly"
    case notServed = "NotServed"
  }

  package struct Candidate: Encodable, Sendable, Equatable {
    package var source: SourceDocument
    package var reason: Reason
    /// The claim that matches, of those of the source.
    package var claim: Claim?
    /// The reason in words, as the end of a sentence that begins with the source.
    package var why: String
    /// RFC 3339, where it no longer lists the metric.
    package var lastListed: String?
    /// False where one before it falls through on nothing.
    package var asked: Bool
    /// The outcomes of the one before it after which it is asked; empty for the first, and for one that is not asked.
    package var after: [FallThrough]
  }

  package struct Bystander: Encodable, Sendable, Equatable {
    package var source: SourceDocument
    package var reason: Absence
    /// The reason in words, likewise.
    package var why: String
    /// Of each of its claims, the first field that does not match.
    package var claimMismatches: [String]
  }

  package var metric: String
  package var type: MetricTypeName
  package var namespace: String?
  /// The name of the source; absent where the request is answered with 404.
  package var answeredBy: String?
  /// The message of that 404.
  package var refusal: String?
  package var candidates: [Candidate]
  package var notCandidates: [Bystander]
  /// Sources beyond those; nil where there are none.
  package var omittedNotCandidates: Int?

  /// `maximumNotCandidates` is how many sources that are none are told of.
  package init(_ explanation: Explanation, maximumNotCandidates: Int = .max) {
    metric = explanation.question.key.argument
    type = MetricTypeName(explanation.question.key)
    namespace = explanation.question.namespace
    answeredBy = explanation.winner?.name
    refusal = explanation.winner == nil ? explanation.refusal : nil
    candidates = explanation.candidates.enumerated().map { position, candidacy in
      let source = candidacy.source
      let isAsked = position < explanation.reachableCount
      var candidate = Candidate(
        source: SourceDocument(source), reason: .listed, why: Explanation.text(candidacy.reason, of: source),
        asked: isAsked,
        after: position == 0 || !isAsked ? [] : explanation.candidates[position - 1].source.fallThrough.outcomes)
      switch candidacy.reason {
      case .listed: break
      case .retained:
        candidate.reason = .retained
        candidate.lastListed = explanation.lastListed(by: source)
      case .claimed(let index):
        candidate.reason = .claimed
        candidate.claim = source.claims[Int(index)]
      case .pinned: candidate.reason = .pinned
      }
      return candidate
    }
    let told = explanation.bystanders.prefix(maximumNotCandidates)
    let omitted = explanation.bystanders.count - told.count
    omittedNotCandidates = omitted > 0 ? omitted : nil
    notCandidates = told.map { bystander in
      let reason: Absence =
        switch bystander.reason {
        case .notListed: .notListed
        case .otherScope: .otherScope
        case .placeholderOnly: .placeholderOnly
        case .notServed: .notServed
        }
      return Bystander(
        source: SourceDocument(bystander.source), reason: reason, why: explanation.text(bystander),
        claimMismatches: bystander.mismatches.map(\.rawValue))
    }
  }
}
