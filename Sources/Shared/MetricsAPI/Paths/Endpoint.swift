/// What a path of the router stands for.
package enum Endpoint: Hashable, Sendable {
  /// `/apis`
  case groups
  /// `/apis/G`
  case group(MetricsGroup)
  /// `/apis/G/V`
  case resources(MetricsGroupVersion)
  case metric(MetricRequest)
  /// One of ``nonResourcePaths``.
  case nonResource(String)
  /// Anything else: 404 `the server could not find the requested resource`.
  case unknown

  /// The paths outside `/apis` that the router may serve.
  package static let nonResourcePaths = [
    "/healthz", "/livez", "/readyz", "/version", "/metrics", "/openapi/v2", "/openapi/v3",
  ]
}
