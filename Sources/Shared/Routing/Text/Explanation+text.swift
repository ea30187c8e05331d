import MetricsAPI

extension Explanation {
  /// The explanation for people: the metric, who answers it, who is asked after it, and why the others are not. Ends with a
  /// newline.
  package var text: String { text(isWide: false) }

  /// Wide, it also says of each source that may be asked how.
  package func text(isWide: Bool) -> String {
    var lines = [question.key.description]
    if candidates.isEmpty { lines.append("  answered by no source: 404 \(refusal)") }
    for (position, candidate) in candidates.enumerated() {
      lines += text(candidate, at: position)
      if isWide, position < reachableCount { lines += Self.details(candidate.source) }
    }
    for bystander in bystanders {
      lines.append("  not asked: \(Self.label(bystander.source)): \(text(bystander))")
    }
    return lines.map(TextColumns.printable).joined(separator: "\n") + "\n"
  }

  private func text(_ candidate: Candidacy, at position: Int) -> [String] {
    let source = candidate.source
    let label = Self.label(source)
    guard position < reachableCount else {
      let isEqual = source.priority == winner?.priority
      let loss = isEqual ? "with the same priority, but its name sorts later" : "but its priority is lower"
      return ["  not asked: \(label): \(Self.text(candidate.reason, of: source))\(isEqual ? " " : ", ")\(loss)"]
    }
    var lines: [String]
    if position == 0 {
      lines = ["  answered by \(label) at \(source.backend)"]
      if candidate.reason != .listed { lines.append("    it \(Self.text(candidate.reason, of: source))") }
    } else {
      let outcomes = candidates[position - 1].source.fallThrough.outcomes.map(\.rawValue).joined(separator: ", ")
      lines = [
        "  asked after \(outcomes): \(label) at \(source.backend)", "    it \(Self.text(candidate.reason, of: source))",
      ]
    }
    if case .retained = candidate.reason, let time = lastListed(by: source) {
      lines.append("    last listed at \(time)")
    }
    if source.isStale { lines.append("    its last sync failed; the last good list is routed") }
    return lines
  }

  private static func details(_ source: RoutedSource) -> [String] {
    let verified =
      switch source.backend.scheme {
      case .http: "nothing is verified"
      case .https where source.tls.insecureSkipTLSVerify: "any certificate is taken"
      case .https:
        "its certificate must be for \(source.tls.serverName), by "
          + (source.tls.caBundle == nil ? "the cluster's authority" : "the source's caBundle")
      }
    return [
      "    Service \(source.serviceNamespace)/\(source.serviceName); \(verified)",
      "    within \(source.timeoutSeconds) s, \(source.isShownToken ? "with the router's token" : "without a token")",
    ]
  }

  package func lastListed(by source: RoutedSource) -> String? {
    source.retained.first { $0.listing.contains(question.key) }?.lastListed
  }

  private static func label(_ source: RoutedSource) -> String { "\(source.name) (priority \(source.priority))" }

  /// Why it is a candidate, as the end of a sentence that begins with the source.
  package static func text(_ reason: Candidate.Reason, of source: RoutedSource) -> String {
    switch reason {
    case .listed: "lists it"
    case .retained: "no longer lists it, but did a short while ago"
    case .claimed(let index): "claims it: claim \(index + 1) (\(source.claims[Int(index)]))"
    case .pinned: "is named by the selector, whatever it lists or claims"
    }
  }

  /// Why it is none, likewise.
  package func text(_ bystander: Bystander) -> String {
    switch bystander.reason {
    case .notServed: return "does not serve \(question.key.group.rawValue)"
    case .notListed: return "does not list it" + claims(of: bystander)
    case .otherScope:
      return "lists it in the other scope only: give -n for a namespaced metric, leave it out otherwise"
        + claims(of: bystander)
    case .placeholderOnly: return "lists nothing but a placeholder" + claims(of: bystander)
    }
  }

  private func claims(of bystander: Bystander) -> String {
    bystander.mismatches.enumerated().map { index, field in
      "; claim \(index + 1) (\(bystander.source.claims[index])) does not match: \(field.rawValue)"
    }.joined()
  }
}
