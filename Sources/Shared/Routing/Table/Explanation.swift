import MetricsAPI

/// Why a request for a metric goes where it goes.
package struct Explanation: Sendable, Equatable {
  /// A candidate, in the order in which they are asked.
  package struct Candidacy: Sendable, Equatable {
    package var source: RoutedSource
    package var reason: Candidate.Reason
  }

  package enum Absence: Sendable, Equatable {
    case notListed
    /// The source lists a metric of that resource and name, but in the other scope.
    case otherScope
    /// The source lists nothing but placeholders in this group.
    case placeholderOnly
    /// The source's metric types leave the group out.
    case notServed
  }

  /// A source that does not answer the metric at all.
  package struct Bystander: Sendable, Equatable {
    package var source: RoutedSource
    package var reason: Absence
    /// Of each of its claims, the first field that does not match.
    package var mismatches: [Claim.Field]
  }

  package var question: MetricQuestion
  /// The message of the 404 that is answered where there is no candidate.
  package var refusal: String
  /// Empty where the request is answered with 404.
  package var candidates: [Candidacy]
  /// Not told of a request that names its source.
  package var bystanders: [Bystander]

  package var winner: RoutedSource? { candidates.first?.source }

  /// How many candidates may be asked: each but the last falls through on something.
  package var reachableCount: Int {
    let ends = candidates.firstIndex { $0.source.fallThrough.isEmpty }
    return ends.map { $0 + 1 } ?? candidates.count
  }
}

extension RoutingTable {
  /// Tells which sources answer `question`, one after another, and why the others do not. `pin` is the source that the
  /// request names.
  package func explain(_ question: MetricQuestion, pin: String? = nil) -> Explanation {
    if let pin { return explain(question, pinnedTo: pin) }
    let candidates = candidates(for: question)
    let answering = Set(candidates.map(\.source))
    return Explanation(
      question: question, refusal: question.key.notProvidedMessage,
      candidates: candidates.map { Explanation.Candidacy(source: source(at: $0.source), reason: $0.reason) },
      bystanders: sources.indices.filter { !answering.contains(Int32($0)) }.map { index in
        Explanation.Bystander(
          source: sources[index], reason: Self.absence(of: question.key, from: sources[index]),
          mismatches: sources[index].claims.compactMap { $0.mismatch(question) })
      })
  }

  private func explain(_ question: MetricQuestion, pinnedTo name: String) -> Explanation {
    let group = question.key.group
    var explanation = Explanation(
      question: question, refusal: SourcePin.unknownMessage(name), candidates: [], bystanders: [])
    guard let index = index(of: name) else { return explanation }
    let source = source(at: index)
    explanation.refusal = SourcePin.notServedMessage(name, group)
    if source.serves(group) { explanation.candidates = [Explanation.Candidacy(source: source, reason: .pinned)] }
    return explanation
  }

  private static func absence(of key: MetricKey, from source: RoutedSource) -> Explanation.Absence {
    guard source.serves(key.group) else { return .notServed }
    let listings = [source.listing] + source.retained.map(\.listing)
    switch key {
    case .custom(var metric):
      metric.isNamespaced.toggle()
      if listings.contains(where: { $0.custom.contains(metric) }) { return .otherScope }
      return listings.allSatisfy(\.custom.isEmpty)
        && source.listing.placeholders.contains { $0.hasSuffix(Placeholder.custom) } ? .placeholderOnly : .notListed
    case .external:
      return listings.allSatisfy(\.external.isEmpty) && source.listing.placeholders.contains(Placeholder.external)
        ? .placeholderOnly : .notListed
    }
  }
}
