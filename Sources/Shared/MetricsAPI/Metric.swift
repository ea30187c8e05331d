/// A custom metric as an adapter lists it: of which resource, in which scope, by which name.
package struct CustomMetric: Sendable, Hashable, Comparable {
  /// With its group, as `pods` or `deployments.apps`.
  package var resource: String
  package var isNamespaced: Bool
  package var name: String

  package init(resource: String, isNamespaced: Bool, name: String) {
    self.resource = resource
    self.isNamespaced = isNamespaced
    self.name = name
  }

  package static func < (left: CustomMetric, right: CustomMetric) -> Bool {
    if left.resource != right.resource { return left.resource < right.resource }
    if left.isNamespaced != right.isNamespaced { return left.isNamespaced }
    return left.name < right.name
  }
}

extension CustomMetric: CustomStringConvertible {
  package var description: String { "\(resource)/\(name)(\(isNamespaced ? "namespaced" : "root scoped"))" }
}

/// What a request asks for, and a routing table is asked with.
package enum MetricKey: Sendable, Hashable {
  case custom(CustomMetric)
  case external(String)
}

extension MetricKey: CustomStringConvertible {
  package var description: String {
    switch self {
    case .custom(let metric): "custom metric \(metric)"
    case .external(let name): "external metric \(name)"
    }
  }
}
