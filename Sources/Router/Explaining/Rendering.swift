import FoundationEssentials
import MetricsAPI
import Routing
import YAML

/// Writes what `routes` and `explain` found, in the form that was asked for.
enum Rendering {
  /// Of JSON and YAML, in bytes: some hundred thousand metrics.
  private static let limit = 256 << 20

  static func text(_ table: RoutingTable, _ format: OutputFormat) throws -> String {
    switch format {
    case .text: RoutesTable.text(table)
    case .wide: RoutesTable.text(table, isWide: true)
    case .json, .yaml: try document(RoutesDocument(table), format)
    }
  }

  /// `findings` are nil where nobody was asked.
  static func text(
    _ explanation: Explanation, _ findings: [CandidateProbe.Finding]?, _ format: OutputFormat
  ) throws -> String {
    switch format {
    case .text, .wide:
      explanation.text(isWide: format == .wide) + (findings.map { "\n" + FindingsTable.text($0) } ?? "")
    case .json, .yaml:
      try document(
        ExplanationReport(
          explanation: ExplanationDocument(explanation), findings: findings?.map(FindingDocument.init)), format)
    }
  }

  private static func document(_ value: some Encodable, _ format: OutputFormat) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let json = Array(try encoder.encode(value))
    guard format == .yaml else {
      return String(decoding: try PrettyJSON.indent(json, limit: limit), as: UTF8.self) + "\n"
    }
    var limits = YAML.Limits()
    (limits.bytes, limits.expandedBytes) = (limit, limit)
    return String(decoding: try YAML.text(json: json, limits: limits), as: UTF8.self)
  }
}
