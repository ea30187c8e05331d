package import MetricsAPI

/// One source as the routing table holds it: who it is, how to reach it, what it lists. No secrets.
package struct RoutedSource: Sendable, Equatable {
  package struct Backend: Sendable, Equatable, Hashable, CustomStringConvertible {
    package var scheme: MetricsSourceSpec.Scheme
    /// The DNS name to connect to: `<service>.<namespace>.svc`.
    package var host: String
    /// 1 to 65535, resolved where the spec names the port.
    package var port: Int

    package init(scheme: MetricsSourceSpec.Scheme, host: String, port: Int) {
      self.scheme = scheme
      self.host = host
      self.port = port
    }

    /// `https://custom-metrics-apiserver.custom-metrics.svc:443`
    package var description: String { "\(scheme == .https ? "https" : "http")://\(host):\(port)" }
  }

  /// How the backend's certificate is verified; of no meaning over plain HTTP.
  package struct TLS: Sendable, Equatable, Hashable {
    /// The name asked for and verified.
    package var serverName: String
    package var insecureSkipTLSVerify: Bool
    /// PEM; nil means the cluster's CA.
    package var caBundle: String?

    package init(serverName: String, insecureSkipTLSVerify: Bool = false, caBundle: String? = nil) {
      self.serverName = serverName
      self.insecureSkipTLSVerify = insecureSkipTLSVerify
      self.caBundle = caBundle
    }
  }

  package var name: String
  package var priority: Int
  package var metricTypes: [MetricsSourceSpec.MetricType]
  package var serviceNamespace: String
  package var serviceName: String
  package var backend: Backend
  package var tls: TLS
  /// Whether the router's ServiceAccount token goes to the backend.
  package var sendsToken: Bool
  /// For one whole request, 1 to 60.
  package var timeoutSeconds: Int
  /// The versions of custom metrics that the backend answered for, sorted by name.
  package var customVersions: [MetricsGroupVersion]
  /// The versions of external metrics that the backend answered for.
  package var externalVersions: [MetricsGroupVersion]
  package var listing: MetricsListing
  /// What it listed before and no longer lists, with the time of each; disjoint from one another and from ``listing``.
  package var retained: [RetainedListing]
  /// Whether the last sync failed, so that ``listing`` is the last good one.
  package var isStale: Bool
  package var claims: [Claim]
  package var fallThrough: FallThroughSet
  /// The source whose requests are sent to this one too, off the answer's path.
  package var shadowOf: String?

  /// Whether its requests carry the router's token: over TLS alone. Also where the source skips verification, whose author
  /// accepts that an impostor may read it.
  package var isShownToken: Bool { sendsToken && backend.scheme == .https }

  /// Without `metricTypes`, they are those that it has versions of.
  package init(
    name: String, priority: Int, serviceNamespace: String, serviceName: String, backend: Backend, tls: TLS,
    sendsToken: Bool, timeoutSeconds: Int, metricTypes: [MetricsSourceSpec.MetricType]? = nil,
    customVersions: [MetricsGroupVersion], externalVersions: [MetricsGroupVersion], listing: MetricsListing,
    retained: [RetainedListing] = [], isStale: Bool, claims: [Claim] = [], fallThrough: FallThroughSet = [],
    shadowOf: String? = nil
  ) {
    self.name = name
    self.priority = priority
    self.serviceNamespace = serviceNamespace
    self.serviceName = serviceName
    self.backend = backend
    self.tls = tls
    self.sendsToken = sendsToken
    self.timeoutSeconds = timeoutSeconds
    self.customVersions = customVersions
    self.externalVersions = externalVersions
    self.metricTypes =
      metricTypes
      ?? (customVersions.isEmpty ? [] : [.customMetrics]) + (externalVersions.isEmpty ? [] : [.externalMetrics])
    self.listing = listing
    self.retained = retained
    self.isStale = isStale
    self.claims = claims
    self.fallThrough = fallThrough
    self.shadowOf = shadowOf
  }

  /// Whether it serves the group at all.
  package func serves(_ group: MetricsGroup) -> Bool { metricTypes.contains(MetricsSourceSpec.MetricType(group)) }

  /// The metrics that are routed to it by name: those that it lists, and those that it listed a short while ago.
  package var metricCount: Int { retained.reduce(listing.count) { $0 + $1.listing.count } }
}
