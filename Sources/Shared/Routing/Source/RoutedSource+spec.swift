package import MetricsAPI

extension RoutedSource {
  /// A source from its spec, with what only the controller learns: the port's number and what the backend lists.
  ///
  /// The spec is valid; a `caBundle` that is not is dropped, and the cluster's CA then verifies the backend.
  package init(
    name: String, spec: MetricsSourceSpec, port: Int, customVersions: [MetricsGroupVersion],
    externalVersions: [MetricsGroupVersion], listing: MetricsListing,
    retained: [RetainedListing] = [], isStale: Bool = false
  ) {
    self.init(
      name: name, priority: spec.priority, serviceNamespace: spec.service.namespace, serviceName: spec.service.name,
      backend: Backend(scheme: spec.service.scheme, host: spec.service.host, port: port),
      tls: TLS(
        serverName: spec.tlsServerName ?? spec.service.host, insecureSkipTLSVerify: spec.insecureSkipTLSVerify,
        caBundle: spec.caBundlePEM),
      sendsToken: spec.auth == .serviceAccountToken, timeoutSeconds: spec.timeoutSeconds,
      metricTypes: MetricsSourceSpec.MetricType.allCases.filter(spec.metricTypes.contains),
      customVersions: customVersions, externalVersions: externalVersions, listing: listing, retained: retained,
      isStale: isStale, claims: spec.claims, fallThrough: FallThroughSet(spec.fallThrough), shadowOf: spec.shadowOf)
  }
}
