import MetricsAPI
import Routing

/// Metrics of one source that others of the same priority have too, so that names of sources decide who answers them.
struct Conflict: Sendable, Equatable {
  static let maximumExamples = 3
  /// Of other sources that are named.
  static let maximumNames = 3
  /// In characters; a backend makes names of metrics up.
  private static let maximumName = 128

  var priority: Int
  /// How many metrics.
  var count: Int
  /// The first ones, custom metrics before external ones.
  var examples: [MetricKey]
  /// The first ones by name, one more than are named.
  var others: [String]
  /// How many of the metrics this source answers.
  var won: Int
  /// Who answers the rest, as ``others``.
  var winners: [String]

  /// For people: which metrics, who else has them, who answers, and what to do.
  var message: String {
    let answered =
      switch won {
      case count: "this source answers, its name being the first"
      case 0: "\(Self.enumerated(winners)) \(winners.count == 1 ? "answers" : "answer"), by the order of names"
      default: "this source answers \(won) of them, \(Self.enumerated(winners)) the rest, by the order of names"
      }
    let metrics = "\(count) \(count == 1 ? "metric is" : "metrics are")"
    let shown = examples.map { Quotation.of($0.argument, upTo: Self.maximumName) }.joined(separator: ", ")
    return "\(metrics) routed to \(Self.enumerated(others)) with the same priority \(priority) too (\(shown)"
      + "\(count > examples.count ? ", …" : "")): \(answered); give the sources different priorities"
  }

  private static func enumerated(_ names: [String]) -> String {
    names.prefix(maximumNames).joined(separator: ", ") + (names.count > maximumNames ? " and others" : "")
  }
}
