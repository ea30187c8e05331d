package import MetricsAPI

/// A metric as a person names it on a command line.
///
/// `resource/metric` is a custom metric (`pods/foo`, `deployments.apps/requests`): namespaced when a namespace is given,
/// else cluster-scoped; `namespaces/metric` describes namespaces themselves and is cluster-scoped either way. A bare
/// `metric` is external.
package enum MetricArgument {
  /// Reads `text`, with the value of `-n` where it was given.
  package static func parse(_ text: String, namespace: String?) throws(MetricArgumentError) -> MetricKey {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if parts.contains("") {
      throw MetricArgumentError(argument: text, advice: "name a metric: pods/foo, or queue_length")
    }
    switch parts.count {
    case 1: return .external(parts[0])
    case 2:
      let isNamespaced = namespace != nil && parts[0] != "namespaces"
      return .custom(CustomMetric(resource: parts[0], isNamespaced: isNamespaced, name: parts[1]))
    default:
      throw MetricArgumentError(argument: text, advice: "name the resource and the metric, not the object: pods/foo")
    }
  }
}

/// An argument that names no metric.
package struct MetricArgumentError: Error, Hashable, Sendable, CustomStringConvertible {
  package let argument: String
  package let advice: String

  package var description: String { "\"\(argument)\" is no metric: \(advice)" }
}
