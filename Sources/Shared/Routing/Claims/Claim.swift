package import MetricsAPI

/// Metrics that a source answers besides those that it lists. A claim matches a request when all the fields that it has
/// match; a field that is empty matches anything.
package struct Claim: Hashable, Sendable {
  /// Of one source, and of patterns in one field.
  package static let maximumCount = 64

  /// Of the metric's own name.
  package var metrics: [Glob]
  /// Nil for all the types of the source.
  package var metricType: MetricsSourceSpec.MetricType?
  /// Of the described resource, as discovery writes it; with any, the claim is of custom metrics alone.
  package var resources: [Glob]
  /// Of the namespace that is asked in; with any, metrics of objects outside namespaces do not match, save those of a
  /// namespace itself.
  package var namespaces: [Glob]
  /// All of which the request's selector carries.
  package var selectorKeys: [SelectorKey]

  package init(
    metrics: [Glob] = [], metricType: MetricsSourceSpec.MetricType? = nil, resources: [Glob] = [],
    namespaces: [Glob] = [], selectorKeys: [SelectorKey] = []
  ) {
    self.metrics = metrics
    self.metricType = metricType
    self.resources = resources
    self.namespaces = namespaces
    self.selectorKeys = selectorKeys
  }

  /// The fields with several entries, in the order in which they are written, those that are empty left out.
  package var lists: [(field: Field, entries: [String])] {
    let lists: [(field: Field, entries: [String])] = [
      (.metrics, metrics.map(\.pattern)), (.resources, resources.map(\.pattern)),
      (.namespaces, namespaces.map(\.pattern)), (.selectorKeys, selectorKeys.map(\.description)),
    ]
    return lists.filter { !$0.entries.isEmpty }
  }

  /// The field of a claim that a request does not match.
  package enum Field: String, Hashable, Sendable, CaseIterable {
    case metricType, metrics, resources, namespaces, selectorKeys
  }

  /// Whether it can match a metric of `type` at all: one with resources is of custom metrics alone.
  package func reaches(_ type: MetricsSourceSpec.MetricType) -> Bool {
    metricType.map { $0 == type } ?? (resources.isEmpty || type == .customMetrics)
  }

  package func matches(_ question: MetricQuestion) -> Bool { mismatch(question) == nil }

  /// The first field that does not match; nil where the claim does. Allocates nothing.
  package func mismatch(_ question: MetricQuestion) -> Field? {
    if let metricType, metricType != MetricsSourceSpec.MetricType(question.key.group) { return .metricType }
    if !metrics.isEmpty, !metrics.contains(where: { $0.matches(question.key.metricName) }) { return .metrics }
    if !resources.isEmpty {
      guard case .custom(let metric) = question.key, resources.contains(where: { $0.matches(metric.resource) }) else {
        return .resources
      }
    }
    if !namespaces.isEmpty {
      guard let namespace = question.namespace, namespaces.contains(where: { $0.matches(namespace) }) else {
        return .namespaces
      }
    }
    let isCarried = selectorKeys.allSatisfy { key in
      question.metricSelector.map(key.isCarried) ?? false || question.objectSelector.map(key.isCarried) ?? false
    }
    return isCarried ? nil : .selectorKeys
  }
}

extension MetricsSourceSpec.MetricType {
  package init(_ group: MetricsGroup) {
    self = group == .custom ? .customMetrics : .externalMetrics
  }
}
