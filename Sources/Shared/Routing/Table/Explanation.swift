package import MetricsAPI

/// Why a request goes where it goes: every source in order of precedence, with the part it plays.
package struct Explanation: Sendable, Equatable {
  package enum Part: Sendable, Equatable {
    case answers
    /// Lists the metric too, but another source comes first, for this reason.
    case loses(reason: String)
    case doesNotList
  }

  package var key: MetricKey
  package var generation: UInt64
  package var sources: [(source: RoutedSource, part: Part)]

  package static func == (left: Explanation, right: Explanation) -> Bool {
    left.key == right.key && left.generation == right.generation
      && left.sources.elementsEqual(right.sources) { $0.source == $1.source && $0.part == $1.part }
  }
}

extension RoutingTable {
  package func explain(_ key: MetricKey) -> Explanation {
    let candidates = Set(candidates(for: key).map(\.name))
    let winner = winner(for: key)
    let parts = sources.map { source -> (source: RoutedSource, part: Explanation.Part) in
      guard candidates.contains(source.name), let winner else { return (source, .doesNotList) }
      if source.name == winner.name { return (source, .answers) }
      let reason =
        source.priority < winner.priority
        ? "priority \(source.priority) is below \(winner.priority) of \(winner.name)"
        : "equal priority \(source.priority), and \(winner.name) comes first by name"
      return (source, .loses(reason: reason))
    }
    return Explanation(key: key, generation: generation, sources: parts)
  }
}

extension Explanation: CustomStringConvertible {
  package var description: String {
    var lines = [""]
    var answering: String?
    for (source, part) in sources {
      switch part {
      case .answers:
        answering = source.name
        lines.append("  answers        \(source.name) (priority \(source.priority), \(source.backend.url))")
      case .loses(let reason): lines.append("  loses          \(source.name): \(reason)")
      case .doesNotList: lines.append("  does not list  \(source.name)")
      }
    }
    lines[0] =
      answering.map { "\(key) is answered by \($0) (generation \(generation))" }
      ?? "\(key) is not provided by any metrics backend (generation \(generation))"
    return lines.joined(separator: "\n") + "\n"
  }
}
