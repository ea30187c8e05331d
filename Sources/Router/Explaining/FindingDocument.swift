import FoundationEssentials
import Routing

/// What one source said, as programs read it.
struct FindingDocument: Encodable, Equatable {
  /// Of a backend's own words, in bytes.
  private static let maximumWords = 1024

  let source: String
  /// Of HTTP; 503 and 504 also where the source could not be reached, or did not answer in time.
  let code: Int
  let latencySeconds: Double
  /// `answer`, or what it is counted as.
  let outcome: String
  /// Whether the next candidate is asked after it.
  let fallsThrough: Bool
  /// All that it gave, as it wrote them. Nil where it gave no list.
  let values: [String]?
  /// Its words, where it gave no list.
  let message: String?

  init(_ finding: CandidateProbe.Finding) {
    source = finding.source.name
    code = finding.status
    let parts = finding.duration.components
    latencySeconds = Double(parts.seconds) + Double(parts.attoseconds / 1_000_000_000_000) / 1_000_000
    outcome = finding.outcome?.rawValue ?? "answer"
    fallsThrough = finding.outcome.map(finding.source.fallThrough.contains) ?? false
    let answer = try? JSONDecoder().decode(BackendWords.self, from: Data(finding.body))
    values = finding.status == 200 ? answer?.items?.map { $0.value ?? "?" } : nil
    let words = answer?.message ?? String(decoding: finding.body.prefix(4 * Self.maximumWords), as: UTF8.self)
    message = values == nil ? Quotation.of(words, upTo: Self.maximumWords) : nil
  }
}

/// What of a backend's answer is shown: the values of a list, or the message of a Status.
struct BackendWords: Decodable {
  struct Item: Decodable {
    var value: String?
  }

  var items: [Item]?
  var message: String?
}
