/// The name of a custom metric: which resource it describes, in which scope, and what it is called.
package struct CustomMetric: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The described resource as discovery writes it: `pods`, `deployments.apps`.
  package var resource: String
  /// Whether the described objects live in namespaces. Metrics of namespaces themselves do not.
  package var isNamespaced: Bool
  /// The metric's own name, any case, kept as the backend wrote it.
  package var name: String

  package init(resource: String, isNamespaced: Bool, name: String) {
    self.resource = resource
    self.isNamespaced = isNamespaced
    self.name = name
  }

  /// `pods/foo(namespaced)` or `nodes/foo(root scoped)`, as sigs.k8s.io/custom-metrics-apiserver prints it.
  package var description: String { "\(resource)/\(name)(\(isNamespaced ? "namespaced" : "root scoped"))" }

  package static func == (left: CustomMetric, right: CustomMetric) -> Bool {
    left.isNamespaced == right.isNamespaced && left.name.hasSameBytes(as: right.name)
      && left.resource.hasSameBytes(as: right.resource)
  }

  /// By resource, then name, then the namespaced one first; in the order of bytes.
  package static func < (left: CustomMetric, right: CustomMetric) -> Bool {
    let resources = left.resource.compareBytes(right.resource)
    if resources != 0 { return resources < 0 }
    let names = left.name.compareBytes(right.name)
    return names != 0 ? names < 0 : left.isNamespaced && !right.isNamespaced
  }
}
