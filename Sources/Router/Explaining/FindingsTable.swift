import Routing

/// What candidates said, side by side.
enum FindingsTable {
  /// Of a list's values.
  private static let maximumValues = 3
  /// Of a backend's own words, in bytes.
  private static let maximumWords = 160

  /// One line for each source. Ends with a newline.
  static func text(_ findings: [CandidateProbe.Finding]) -> String {
    var rows = [["SOURCE", "CODE", "LATENCY", "OUTCOME", "SAYS"]]
    for finding in findings {
      rows.append([
        finding.source.name, "\(finding.status)", milliseconds(finding.duration), outcome(finding), says(finding),
      ])
    }
    return TextColumns.align(rows)
  }

  private static func outcome(_ finding: CandidateProbe.Finding) -> String {
    guard let outcome = finding.outcome else { return "answer" }
    return outcome.rawValue + (finding.source.fallThrough.contains(outcome) ? ", falls through" : "")
  }

  private static func milliseconds(_ duration: Duration) -> String {
    let tenths = duration.components.seconds * 10_000 + duration.components.attoseconds / 100_000_000_000_000
    return "\(tenths / 10).\(tenths % 10)ms"
  }

  private static func says(_ finding: CandidateProbe.Finding) -> String {
    switch finding.words {
    case .message(let text): return Quotation.of(text, upTo: maximumWords)
    case .values(let values, let count):
      let shown = values.prefix(maximumValues).map { Quotation.of($0, upTo: maximumWords) }
      guard count > 1 else { return shown.first ?? "no items" }
      return "\(shown.joined(separator: " "))\(count > shown.count ? " …" : "") (\(count) items)"
    }
  }
}
