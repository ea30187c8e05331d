extension MetricRequest {
  /// The path to send to a backend that speaks `version`, encoded again from the parsed parts alone.
  ///
  /// `version` is of this request's group.
  package func path(for version: MetricsGroupVersion) -> String {
    var path = version.path
    path.reserveCapacity(version.path.utf8.count + 64)
    if groupVersion.group == .external {
      append("namespaces", namespace ?? "", metric, to: &path)
    } else if let namespace {
      append("namespaces", namespace, resource, objectName, metric, to: &path)
    } else if resource == "namespaces" {
      append("namespaces", objectName, "metrics", metric, to: &path)
    } else {
      append(resource, objectName, metric, to: &path)
    }
    return path
  }

  private func append(_ segments: String..., to path: inout String) {
    for segment in segments {
      path.append("/")
      PercentEncoding.appendSegment(segment, to: &path)
    }
  }
}
