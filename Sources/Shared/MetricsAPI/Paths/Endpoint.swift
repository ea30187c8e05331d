/// What a path names.
package enum Endpoint: Sendable, Hashable {
  /// `/apis`
  case groups
  /// `/apis/G`
  case group(MetricsGroup)
  /// `/apis/G/V`
  case resources(MetricsGroupVersion)
  case metric(MetricRequest)
  /// A well-formed path outside the metrics APIs: `/healthz`, `/version`.
  case nonResource(String)
  /// A path below `/apis` that names nothing.
  case unknown

  /// Reads a percent-encoded path, which begins with `/`, decoding it once.
  ///
  /// - Throws: ``PathError`` for what is to be refused with 400.
  package static func parse(path: ArraySlice<UInt8>) throws(PathError) -> Endpoint {
    let path = try PathSegments(path)
    let segments = path.segments
    guard segments.first == "apis" else {
      return .nonResource("/" + segments.joined(separator: "/") + (path.hasTrailingSlash ? "/" : ""))
    }
    if segments.count == 1 { return .groups }
    guard let group = MetricsGroup(rawValue: segments[1]) else { return .unknown }
    if segments.count == 2 { return .group(group) }
    guard let version = version(group, segments[2]) else { return .unknown }
    if segments.count == 3 { return .resources(version) }
    guard !path.hasTrailingSlash, let request = request(version, segments[3...]) else { return .unknown }
    return .metric(request)
  }

  private static func version(_ group: MetricsGroup, _ version: String) -> MetricsGroupVersion? {
    switch (group, version) {
    case (.custom, "v1beta1"): .customV1Beta1
    case (.custom, "v1beta2"): .customV1Beta2
    case (.external, "v1beta1"): .externalV1Beta1
    default: nil
    }
  }

  private static func request(_ version: MetricsGroupVersion, _ segments: ArraySlice<String>) -> MetricRequest? {
    let first = segments.startIndex
    let isInNamespace = segments[first] == "namespaces"
    if version.group == .external {
      guard isInNamespace, segments.count == 3 else { return nil }
      return MetricRequest(
        groupVersion: version, namespace: segments[first + 1], resource: "", objectName: "",
        metric: segments[first + 2])
    }
    switch segments.count {
    case 5 where isInNamespace:
      return MetricRequest(
        groupVersion: version, namespace: segments[first + 1], resource: segments[first + 2],
        objectName: segments[first + 3], metric: segments[first + 4])
    case 4 where isInNamespace && segments[first + 2] == "metrics":
      return MetricRequest(
        groupVersion: version, namespace: segments[first + 1], resource: "metrics", objectName: "",
        metric: segments[first + 3])
    case 3 where !isInNamespace:
      return MetricRequest(
        groupVersion: version, namespace: nil, resource: segments[first], objectName: segments[first + 1],
        metric: segments[first + 2])
    default: return nil
    }
  }
}
