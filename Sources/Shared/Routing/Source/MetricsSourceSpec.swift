/// What a person writes in a MetricsSource: which Service answers for metrics, of what kind, and how it is spoken to.
package struct MetricsSourceSpec: Codable, Sendable, Equatable {
  package enum MetricType: String, Codable, Sendable, CaseIterable {
    case custom = "CustomMetrics"
    case external = "ExternalMetrics"
  }

  package enum Scheme: String, Codable, Sendable {
    case https = "HTTPS"
    case http = "HTTP"
  }

  package enum Authentication: String, Codable, Sendable {
    /// The router shows the token of its ServiceAccount.
    case serviceAccountToken = "ServiceAccountToken"
    case none = "None"
  }

  package struct Port: Codable, Sendable, Equatable {
    package var number: Int?
    package var name: String?

    package init(number: Int? = nil, name: String? = nil) {
      self.number = number
      self.name = name
    }
  }

  package struct Service: Codable, Sendable, Equatable {
    package var namespace: String
    package var name: String
    package var scheme: Scheme?
    package var port: Port

    package init(namespace: String, name: String, scheme: Scheme? = nil, port: Port) {
      self.namespace = namespace
      self.name = name
      self.scheme = scheme
      self.port = port
    }

    package var host: String { "\(name).\(namespace).svc" }
  }

  /// The higher wins.
  package var priority: Int
  package var metricTypes: [MetricType]
  package var service: Service
  package var insecureSkipTLSVerify: Bool?
  /// PEM in base64.
  package var caBundle: String?
  package var tlsServerName: String?
  package var auth: Authentication?
  package var timeoutSeconds: Int?

  package static let defaultTimeoutSeconds = 10

  package init(priority: Int, metricTypes: [MetricType], service: Service) {
    self.priority = priority
    self.metricTypes = metricTypes
    self.service = service
  }
}
