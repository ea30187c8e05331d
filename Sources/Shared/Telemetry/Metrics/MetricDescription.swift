/// What a family of metrics says of itself, and the rules for it.
package struct MetricDescription: Sendable, Equatable {
  /// The types of the exposition format that are used here.
  package enum Kind: String, Sendable {
    case counter
    case gauge
    case histogram
  }

  package var kind: Kind
  package var name: String
  package var help: String
  /// The names of its labels, in the order in which their values are given.
  package var labels: [String] = []

  /// The suffixes that a histogram's series add to its name.
  static let histogramSuffixes = ["_bucket", "_sum", "_count"]

  /// Every name that its series bear.
  var seriesNames: [String] {
    kind == .histogram ? [name] + Self.histogramSuffixes.map { name + $0 } : [name]
  }

  /// What Prometheus would refuse (its data model), or its linter complain of (`promtool check metrics`); nil for a sound
  /// description.
  var problem: String? {
    guard Self.isIdentifier(name) else { return "the name is not of lower case letters, digits and underscores" }
    guard !help.isEmpty else { return "there is no help text" }
    if (kind == .counter) != name.hasSuffix("_total") { return "counters, and they alone, are named _total" }
    if kind != .histogram, let suffix = Self.histogramSuffixes.first(where: name.hasSuffix) {
      return "the suffix \(suffix) belongs to histograms"
    }
    for (index, label) in labels.enumerated() {
      guard Self.isIdentifier(label), !label.hasPrefix("__") else { return "\(label) cannot be the name of a label" }
      if label == "le" || label == "quantile" { return "the label \(label) belongs to histograms and summaries" }
      if labels[..<index].contains(label) { return "the label \(label) is there twice" }
    }
    return nil
  }

  /// Narrower than the data model, which takes capitals and, for recording rules, colons.
  private static func isIdentifier(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
      default: false
      }
    }
  }
}
