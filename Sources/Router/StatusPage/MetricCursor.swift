import MetricsAPI

/// A metric as a query names the one to go on behind: what ``MetricKey`` needs, in one string.
enum MetricCursor {
  static func text(_ key: MetricKey) -> String {
    switch key {
    case .external(let name): "e:\(name)"
    case .custom(let metric): "\(metric.isNamespaced ? "n" : "r"):\(metric.resource)/\(metric.name)"
    }
  }

  /// Nil for what ``text(_:)`` has not made.
  static func key(_ text: String) -> MetricKey? {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let rest = text[text.utf8.index(after: colon)...]
    switch text[..<colon] {
    case "e": return .external(String(rest))
    case "n", "r":
      guard let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
      return .custom(
        CustomMetric(
          resource: String(rest[..<slash]), isNamespaced: text[..<colon] == "n",
          name: String(rest[rest.utf8.index(after: slash)...])))
    default: return nil
    }
  }
}
