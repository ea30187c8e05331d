import FoundationEssentials
import MetricsAPI
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

  /// The values that it gave, or its words, in short.
  static func words(of finding: CandidateProbe.Finding) -> String { says(finding) }

  private static func outcome(_ finding: CandidateProbe.Finding) -> String {
    guard let outcome = finding.outcome else { return "answer" }
    return outcome.rawValue + (finding.source.fallThrough.contains(outcome) ? ", falls through" : "")
  }

  private static func milliseconds(_ duration: Duration) -> String {
    let tenths = duration.components.seconds * 10_000 + duration.components.attoseconds / 100_000_000_000_000
    return "\(tenths / 10).\(tenths % 10)ms"
  }

  private static func says(_ finding: CandidateProbe.Finding) -> String {
    guard let answer = try? JSONDecoder().decode(BackendWords.self, from: Data(finding.body)) else {
      return Quotation.of(String(decoding: finding.body.prefix(4 * maximumWords), as: UTF8.self), upTo: maximumWords)
    }
    if let message = answer.message, finding.status != 200 { return Quotation.of(message, upTo: maximumWords) }
    let values = (answer.items ?? []).map { Quotation.of($0.value ?? "?", upTo: maximumWords) }
    guard values.count > 1 else { return values.first ?? "no items" }
    let shown = values.prefix(maximumValues).joined(separator: " ")
    return "\(shown)\(values.count > maximumValues ? " …" : "") (\(values.count) items)"
  }
}
