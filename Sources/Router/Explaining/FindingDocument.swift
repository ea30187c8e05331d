import Routing

/// What one source said, as programs read it.
struct FindingDocument: Encodable, Equatable {
  let source: String
  /// Of HTTP; 503 and 504 also where the source could not be reached, or did not answer in time.
  let code: Int
  let latencySeconds: Double
  /// `answer`, or what it is counted as.
  let outcome: String
  /// Whether the next candidate is asked after it.
  let fallsThrough: Bool
  /// What it gave, as it wrote them: the first thousand. Nil where it gave no list.
  let values: [String]?
  /// Values beyond those; nil where there are none.
  let omittedValues: Int?
  /// Its words, where it gave no list.
  let message: String?

  init(_ finding: CandidateProbe.Finding) {
    source = finding.source.name
    code = finding.status
    let parts = finding.duration.components
    latencySeconds = Double(parts.seconds) + Double(parts.attoseconds / 1_000_000_000_000) / 1_000_000
    outcome = finding.outcome?.rawValue ?? "answer"
    fallsThrough = finding.outcome.map(finding.source.fallThrough.contains) ?? false
    switch finding.words {
    case .values(let shown, let count):
      values = shown
      omittedValues = count > shown.count ? count - shown.count : nil
      message = nil
    case .message(let text):
      (values, omittedValues) = (nil, nil)
      message = Quotation.of(text, upTo: BackendWords.maximumMessage)
    }
  }
}
