package import MetricsAPI

/// Why a request for a metric goes where it goes.
package struct Explanation: Sendable, Equatable {
  package enum LossReason: Sendable, Equatable {
    case lowerPriority
    /// Of the winner's priority, but its name sorts after the winner's.
    case laterName
  }

  package struct Loser: Sendable, Equatable {
    package var source: RoutedSource
    package var reason: LossReason
  }

  package enum Absence: Sendable, Equatable {
    case notListed
    /// The source lists a metric of that resource and name, but in the other scope.
    case otherScope
    /// The source lists nothing but placeholders in this group.
    case placeholderOnly
  }

  /// A source that does not answer the metric at all.
  package struct Bystander: Sendable, Equatable {
    package var source: RoutedSource
    package var reason: Absence
  }

  package var key: MetricKey
  /// Nil when no source lists the metric.
  package var winner: RoutedSource?
  /// In the order in which they would win.
  package var losers: [Loser]
  package var bystanders: [Bystander]
}

extension RoutingTable {
  /// Tells which source answers `key`, which lose and why, and which do not list it.
  package func explain(_ key: MetricKey) -> Explanation {
    let candidates = candidates(for: MetricQuestion(key))
    let winner = candidates.first.map { source(at: $0.source) }
    let losers = candidates.dropFirst().map { candidate in
      let source = source(at: candidate.source)
      return Explanation.Loser(
        source: source, reason: source.priority == winner?.priority ? .laterName : .lowerPriority)
    }
    let answering = Set(candidates.map(\.source))
    let bystanders = sources.indices.filter { !answering.contains(Int32($0)) }.map { index in
      Explanation.Bystander(source: sources[index], reason: Self.absence(of: key, in: sources[index].listing))
    }
    return Explanation(key: key, winner: winner, losers: losers, bystanders: bystanders)
  }

  private static func absence(of key: MetricKey, in listing: MetricsListing) -> Explanation.Absence {
    switch key {
    case .custom(var metric):
      metric.isNamespaced.toggle()
      if listing.custom.contains(metric) { return .otherScope }
      return listing.custom.isEmpty && listing.placeholders.contains { $0.hasSuffix(Placeholder.custom) }
        ? .placeholderOnly : .notListed
    case .external:
      return listing.external.isEmpty && listing.placeholders.contains(Placeholder.external)
        ? .placeholderOnly : .notListed
    }
  }
}
