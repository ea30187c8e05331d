/// The `spec` of a MetricsSource: where a metrics adapter is and what it is asked for. Unknown fields are ignored.
package struct MetricsSourceSpec: Sendable, Equatable {
  /// Which of the two APIs a source answers for.
  package enum MetricType: String, Codable, Sendable, CaseIterable {
    case customMetrics = "CustomMetrics"
    case externalMetrics = "ExternalMetrics"
  }

  /// How the backend is spoken to.
  package enum Scheme: String, Codable, Sendable {
    case https = "HTTPS"
    case http = "HTTP"
  }

  /// What a backend is shown of the router.
  package enum Authentication: String, Codable, Sendable {
    /// The router's own ServiceAccount token is sent.
    case serviceAccountToken = "ServiceAccountToken"
    case none = "None"
  }

  /// `{number: 443}` or `{name: https}`.
  package enum Port: Sendable, Equatable {
    case number(Int)
    case name(String)
  }

  /// Where the backend is.
  package struct Service: Sendable, Equatable {
    package var namespace: String
    package var name: String
    package var scheme: Scheme
    package var port: Port

    package init(namespace: String, name: String, scheme: Scheme = .https, port: Port) {
      self.namespace = namespace
      self.name = name
      self.scheme = scheme
      self.port = port
    }

    /// The DNS name: `<name>.<namespace>.svc`.
    package var host: String { Self.host(name: name, namespace: namespace) }

    static func host(name: String, namespace: String) -> String { "\(name).\(namespace).svc" }
  }

  package static let defaultTimeoutSeconds = 10

  /// The higher wins; equal ones are ordered by the source's name.
  package var priority: Int
  package var metricTypes: [MetricType]
  package var service: Service
  package var insecureSkipTLSVerify: Bool
  /// PEM in base64, as the object carries it; nil means the cluster's CA.
  package var caBundle: String?
  /// The name to ask for and to verify; nil means ``Service/host``.
  package var tlsServerName: String?
  package var auth: Authentication
  /// For one whole request to the backend, 1 to 60.
  package var timeoutSeconds: Int
  /// Metrics that it answers besides those that it lists.
  package var claims: [Claim]
  /// What has the next candidate asked.
  package var fallThrough: [FallThrough]
  /// The source whose requests are sent to this one too, to compare the answers.
  package var shadowOf: String?

  package init(
    priority: Int, metricTypes: [MetricType], service: Service, insecureSkipTLSVerify: Bool = false,
    caBundle: String? = nil, tlsServerName: String? = nil, auth: Authentication = .serviceAccountToken,
    timeoutSeconds: Int = defaultTimeoutSeconds, claims: [Claim] = [], fallThrough: [FallThrough] = [],
    shadowOf: String? = nil
  ) {
    self.priority = priority
    self.metricTypes = metricTypes
    self.service = service
    self.insecureSkipTLSVerify = insecureSkipTLSVerify
    self.caBundle = caBundle
    self.tlsServerName = tlsServerName
    self.auth = auth
    self.timeoutSeconds = timeoutSeconds
    self.claims = claims
    self.fallThrough = fallThrough
    self.shadowOf = shadowOf
  }
}
