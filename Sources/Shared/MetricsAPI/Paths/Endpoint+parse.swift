extension Endpoint {
  /// Reads the grammar of the metrics APIs, as `pkg/apiserver/installer` of sigs.k8s.io/custom-metrics-apiserver
  /// installs it.
  init(_ path: PathSegments) throws(PathError) {
    let segments = path.segments
    guard let first = segments.first, first == "apis" else {
      self = path.hasTrailingSlash ? .unknown : Self.nonResource(segments)
      return
    }
    guard segments.count > 1 else {
      self = .groups
      return
    }
    guard let group = MetricsGroup(rawValue: segments[1]) else {
      self = .unknown
      return
    }
    guard segments.count > 2 else {
      self = .group(group)
      return
    }
    guard let version = group.versions.first(where: { $0.version == segments[2] }) else {
      self = .unknown
      return
    }
    guard segments.count > 3 else {
      self = .resources(version)
      return
    }
    if path.hasTrailingSlash { throw .emptySegment }
    guard let request = MetricRequest(version, segments[3...]) else {
      self = .unknown
      return
    }
    self = .metric(request)
  }

  private static func nonResource(_ segments: [String]) -> Endpoint {
    let path = "/" + segments.joined(separator: "/")
    return nonResourcePaths.contains(path) ? .nonResource(path) : .unknown
  }
}

extension MetricRequest {
  /// Reads what follows `/apis/G/V/`; nil where no metric has such a path.
  fileprivate init?(_ version: MetricsGroupVersion, _ rest: ArraySlice<String>) {
    let part = { (index: Int) in rest[rest.startIndex + index] }
    let isBelowNamespace = rest.first == "namespaces"
    switch (version.group, rest.count) {
    case (.external, 3) where isBelowNamespace:
      self.init(groupVersion: version, namespace: part(1), metric: part(2))
    case (.custom, 3) where !isBelowNamespace && !Self.isSpecialVerb(part(0)):
      self.init(groupVersion: version, namespace: nil, resource: part(0), objectName: part(1), metric: part(2))
    case (.custom, 4) where isBelowNamespace && part(2) == "metrics":
      self.init(groupVersion: version, namespace: nil, resource: "namespaces", objectName: part(1), metric: part(3))
    case (.custom, 5) where isBelowNamespace && !Self.isReserved(part(2)):
      self.init(groupVersion: version, namespace: part(1), resource: part(2), objectName: part(3), metric: part(4))
    default:
      return nil
    }
  }

  /// The first segments that Kubernetes reads as a verb: such a path would be authorized as something else.
  private static func isSpecialVerb(_ segment: String) -> Bool { segment == "proxy" || segment == "watch" }

  /// The segments below a namespace that are no described resource: a metric of the namespace itself, and what
  /// Kubernetes authorizes as a subresource of the namespace.
  private static func isReserved(_ segment: String) -> Bool {
    segment == "metrics" || segment == "status" || segment == "finalize"
  }
}
