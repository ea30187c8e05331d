package import MetricsAPI

/// Reads a metric as it is typed on a command line: `pods/foo` or `deployments.apps/foo` for a custom metric, `foo` for an
/// external one. A custom metric is namespaced where a namespace is given.
package enum MetricArgument {
  /// Nil for what names no metric, as `/foo`.
  package static func parse(_ text: String, namespace: String?) -> MetricKey? {
    guard let slash = text.firstIndex(of: "/") else { return text.isEmpty ? nil : .external(text) }
    let (resource, name) = (text[..<slash], text[text.index(after: slash)...])
    guard !resource.isEmpty, !name.isEmpty else { return nil }
    // Metrics of namespaces are listed in the scope of the cluster, whichever namespace is asked for.
    let isNamespaced = namespace != nil && resource != "namespaces"
    return .custom(CustomMetric(resource: String(resource), isNamespaced: isNamespaced, name: String(name)))
  }
}
