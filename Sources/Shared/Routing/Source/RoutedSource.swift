package import MetricsAPI

/// A metrics source as the router needs it: resolved, with what it serves. This is what a snapshot holds for each.
package struct RoutedSource: Sendable, Equatable {
  package struct Backend: Sendable, Equatable {
    package var scheme: MetricsSourceSpec.Scheme
    /// `<name>.<namespace>.svc`
    package var host: String
    package var port: UInt16

    package init(scheme: MetricsSourceSpec.Scheme, host: String, port: UInt16) {
      self.scheme = scheme
      self.host = host
      self.port = port
    }

    package var url: String { "\(scheme == .https ? "https" : "http")://\(host):\(port)" }
  }

  package struct TLS: Sendable, Equatable {
    package var serverName: String
    package var insecureSkipTLSVerify: Bool
    /// PEM; nil trusts the cluster's authority.
    package var caBundle: String?

    package init(serverName: String, insecureSkipTLSVerify: Bool = false, caBundle: String? = nil) {
      self.serverName = serverName
      self.insecureSkipTLSVerify = insecureSkipTLSVerify
      self.caBundle = caBundle
    }
  }

  package var name: String
  package var priority: Int
  package var backend: Backend
  package var tls: TLS
  package var sendsToken: Bool
  package var timeoutSeconds: Int
  /// The versions of the custom metrics API that the backend answers, the preferred one first.
  package var customVersions: [MetricsGroupVersion]
  /// Sorted, each once.
  package var customMetrics: [CustomMetric]
  package var externalMetrics: [String]

  package init(
    name: String, priority: Int, backend: Backend, tls: TLS, sendsToken: Bool = true,
    timeoutSeconds: Int = MetricsSourceSpec.defaultTimeoutSeconds, customVersions: [MetricsGroupVersion] = [],
    customMetrics: [CustomMetric] = [], externalMetrics: [String] = []
  ) {
    self.name = name
    self.priority = priority
    self.backend = backend
    self.tls = tls
    self.sendsToken = sendsToken
    self.timeoutSeconds = timeoutSeconds
    self.customVersions = customVersions
    self.customMetrics = customMetrics
    self.externalMetrics = externalMetrics
  }

  /// Resolves a valid spec, whose port is already a number, against what its backend lists.
  package init(name: String, spec: MetricsSourceSpec, port: UInt16, listing: SourceListing) {
    let host = spec.service.host
    self.init(
      name: name, priority: spec.priority,
      backend: Backend(scheme: spec.service.scheme ?? .https, host: host, port: port),
      tls: TLS(
        serverName: spec.tlsServerName ?? host, insecureSkipTLSVerify: spec.insecureSkipTLSVerify ?? false,
        caBundle: spec.caBundle.flatMap { MetricsSourceSpec.pem($0) }),
      sendsToken: spec.auth != MetricsSourceSpec.Authentication.none,
      timeoutSeconds: spec.timeoutSeconds ?? MetricsSourceSpec.defaultTimeoutSeconds,
      customVersions: listing.customVersions, customMetrics: listing.customMetrics,
      externalMetrics: listing.externalMetrics)
  }

  package var metricCount: Int { customMetrics.count + externalMetrics.count }
}

/// What a backend said that it serves, over all the group-versions it was asked for.
package struct SourceListing: Sendable, Equatable {
  package var customVersions: [MetricsGroupVersion]
  /// Sorted, each once.
  package var customMetrics: [CustomMetric]
  package var externalMetrics: [String]
  /// Names that stand for metrics that are not listed.
  package var placeholders: [String]

  package init(
    customVersions: [MetricsGroupVersion] = [], customMetrics: [CustomMetric] = [], externalMetrics: [String] = [],
    placeholders: [String] = []
  ) {
    self.customVersions = customVersions
    self.customMetrics = customMetrics
    self.externalMetrics = externalMetrics
    self.placeholders = placeholders
  }

  package var count: Int { customMetrics.count + externalMetrics.count }
}
