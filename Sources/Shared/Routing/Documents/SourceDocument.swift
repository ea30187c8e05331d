/// A source as programs read it (`-o json`): what requests to it depend on. The schema is that of `docs/cli.md`; fields are
/// added to it, never renamed.
package struct SourceDocument: Encodable, Sendable, Equatable {
  package var name: String
  package var priority: Int
  package var metricTypes: [MetricsSourceSpec.MetricType]
  /// `<namespace>/<name>`.
  package var service: String
  /// Scheme, name and port that are connected to.
  package var backend: String
  /// Whether the list of metrics could be read the last time; else the last good one is routed.
  package var synced: Bool
  /// How many metrics are routed to it by their names.
  package var metrics: Int
  package var timeoutSeconds: Int
  /// Whether the router shows it its token.
  package var sendsToken: Bool
  /// Takes any certificate.
  package var insecureSkipTLSVerify: Bool
  package var fallThrough: [FallThrough]
  package var claims: [Claim]
  /// The source that it is compared with.
  package var shadowOf: String?

  package init(_ source: RoutedSource) {
    name = source.name
    priority = source.priority
    metricTypes = source.metricTypes
    service = "\(source.serviceNamespace)/\(source.serviceName)"
    backend = "\(source.backend)"
    synced = !source.isStale
    metrics = source.metricCount
    timeoutSeconds = source.timeoutSeconds
    sendsToken = source.isShownToken
    insecureSkipTLSVerify = source.backend.scheme == .https && source.tls.insecureSkipTLSVerify
    fallThrough = source.fallThrough.outcomes
    claims = source.claims
    shadowOf = source.shadowOf
  }
}
