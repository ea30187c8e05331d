import MetricsAPI

extension Explanation {
  /// The explanation for people: the metric, who answers it, who loses and why, who does not list it. Ends with a
  /// newline.
  package var text: String {
    var lines = [TextColumns.printable(key.description)]
    if let winner {
      lines.append("  answered by \(Self.label(winner)) at \(winner.backend)")
      if winner.isStale { lines.append("    its last sync failed; the last good list is routed") }
    } else {
      lines.append("  answered by no source: 404 \(TextColumns.printable(key.notProvidedMessage))")
    }
    for loser in losers {
      lines.append("  not asked: \(Self.label(loser.source)): \(Self.text(loser.reason))")
    }
    for bystander in bystanders {
      lines.append("  not asked: \(Self.label(bystander.source)): \(Self.text(bystander.reason))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func label(_ source: RoutedSource) -> String {
    "\(TextColumns.printable(source.name)) (priority \(source.priority))"
  }

  private static func text(_ reason: LossReason) -> String {
    switch reason {
    case .lowerPriority: "lists it, but its priority is lower"
    case .laterName: "lists it with the same priority, but its name sorts later"
    }
  }

  private static func text(_ reason: Absence) -> String {
    switch reason {
    case .notListed: "does not list it"
    case .otherScope: "lists it in the other scope only: give -n for a namespaced metric, leave it out otherwise"
    case .placeholderOnly: "lists nothing but a placeholder"
    }
  }
}
