/// What a routing table is asked for: a metric, whatever object, namespace or version a request names.
package enum MetricKey: Hashable, Sendable, CustomStringConvertible {
  case custom(CustomMetric)
  case external(String)

  package static func == (left: MetricKey, right: MetricKey) -> Bool {
    switch (left, right) {
    case (.custom(let left), .custom(let right)): left == right
    case (.external(let left), .external(let right)): left.hasSameBytes(as: right)
    default: false
    }
  }

  package var group: MetricsGroup {
    switch self {
    case .custom: .custom
    case .external: .external
    }
  }

  /// The metric's own name, without its resource.
  package var metricName: String {
    switch self {
    case .custom(let metric): metric.name
    case .external(let name): name
    }
  }

  /// `custom metric pods/foo(namespaced)` or `external metric qlen`.
  package var description: String {
    switch self {
    case .custom(let metric): "custom metric \(metric)"
    case .external(let name): "external metric \(name)"
    }
  }

  /// The message of the 404 for a metric that no source lists; a HorizontalPodAutoscaler's events repeat it.
  package var notProvidedMessage: String {
    switch self {
    case .custom(let metric): "custom metric \(metric.name) is not provided by any metrics backend"
    case .external(let name): "external metric \(name) is not provided by any metrics backend"
    }
  }
}
