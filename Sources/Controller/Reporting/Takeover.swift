import MetricsAPI
import Routing

/// Which source answers each metric that any lists, by the hash of the metric, so that a later one can be compared with
/// it: sixteen bytes for each. Of metrics whose hashes are the same it knows nothing.
struct AnsweringSources: Sendable {
  /// By rank.
  let names: [String]
  /// Ascending.
  private(set) var hashes: [Int] = []
  /// Among ``names``, beside ``hashes``.
  private(set) var winners: [Int32] = []

  init(names: [String]) { self.names = names }

  mutating func append(_ hash: Int, _ winner: Int32) {
    hashes.append(hash)
    winners.append(winner)
  }
}

/// Metrics that one source answered, and another answers now.
struct Takeover: Sendable, Equatable {
  static let maximumExamples = 3
  /// Of other sources that one message names.
  private static let maximumNames = 3
  /// In bytes; a backend makes names of metrics up.
  private static let maximumName = 128

  var former: String
  var next: String
  var count: Int
  /// How many of them the former source still has.
  var held: Int
  /// The first ones, custom metrics before external ones.
  var examples: [MetricKey]

  /// One event for each source that took metrics over or lost them.
  static func events(_ takeovers: [Takeover]) -> [String: SourceEvent] {
    var parts: [String: [String]] = [:]
    for takeover in takeovers {
      parts[takeover.former, default: []].append(
        "\(takeover.metrics) answered by \(takeover.next) now instead of this source\(takeover.cause)")
      parts[takeover.next, default: []].append(
        "\(takeover.metrics) answered by this source now instead of \(takeover.former)\(takeover.cause)")
    }
    return parts.mapValues { parts in
      let rest = parts.count - maximumNames
      return SourceEvent(
        severity: .normal, reason: .routeChanged,
        message: parts.prefix(maximumNames).joined(separator: "; ")
          + (rest > 0 ? "; and so on with \(rest) more sources" : ""))
    }
  }

  /// `12 metrics (pods/foo, …) are`
  private var metrics: String {
    let shown = examples.map { Quotation.of($0.argument, upTo: Self.maximumName) }.joined(separator: ", ")
    return "\(count) \(count == 1 ? "metric" : "metrics") (\(shown)\(count > examples.count ? ", …" : ""))"
      + " \(count == 1 ? "is" : "are")"
  }

  private var cause: String {
    switch held {
    case count: ", which comes later by priority or name"
    case 0: ", which no longer has \(count == 1 ? "it" : "them")"
    default: ""
    }
  }
}
