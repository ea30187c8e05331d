import Routing

/// What `explain -o json` writes, and `/debug/explain?output=json`: the explanation, and what the candidates said where they were asked.
struct ExplanationReport: Encodable {
  let explanation: ExplanationDocument
  /// Nil where nobody was asked.
  let findings: [FindingDocument]?

  private enum Key: String, CodingKey { case findings }

  /// The findings lie beside the fields of the explanation.
  func encode(to encoder: any Encoder) throws {
    try explanation.encode(to: encoder)
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encodeIfPresent(findings, forKey: .findings)
  }
}
