import MetricsAPI

/// What a snapshot file says besides its sources, as JSONDecoder reads it. Fields it does not know are ignored, so that a
/// later release may add some.
struct SnapshotDocument: Decodable {
  private var generation: UInt64
  private var time: String
  private var writer: String

  func snapshot(of sources: [RoutedSource]) -> Snapshot {
    Snapshot(generation: generation, writer: writer, time: time, sources: sources)
  }

  /// A source without its lists of metrics.
  struct Source: Decodable {
    var name: String
    var priority: Int
    var service: Service
    var backend: Backend
    var tls: TLS
    var sendsToken: Bool
    var timeoutSeconds: Int
    var stale: Bool
    var customVersions: [String]
    var externalVersions: [String]
    // Absent in what an older release wrote.
    var metricTypes: [MetricsSourceSpec.MetricType]?
    var claims: [Claim]?
    var fallThrough: [FallThrough]?
    var shadowOf: String?

    /// Checks what the digest cannot: that the content makes sense.
    func routed(listing: MetricsListing, retained: [RetainedListing]) throws(SnapshotError) -> RoutedSource {
      guard (1...65535).contains(backend.port), !backend.host.isEmpty, (1...60).contains(timeoutSeconds) else {
        throw .malformed(reason: "source \"\(name)\" has no host, a port not of 1…65535, or a timeout not of 1…60")
      }
      // What is dialled, and asked for by name, is a Service: no other host, and nothing that ends a line of a request.
      guard DNSName.isLabel(service.name), DNSName.isLabel(service.namespace),
        backend.host == MetricsSourceSpec.Service.host(name: service.name, namespace: service.namespace),
        DNSName.isSubdomain(tls.serverName)
      else {
        throw .malformed(
          reason: "source \"\(name)\" has a host that is not <service>.<namespace>.svc, or a name that no DNS name is")
      }
      // A request may be held against all of them.
      let types = metricTypes ?? MetricsSourceSpec.MetricType.allCases
      let claims = claims ?? []
      guard claims.count <= Claim.maximumCount, claims.allSatisfy({ $0.validate(at: "", of: types).isEmpty }) else {
        throw .malformed(reason: "source \"\(name)\" has a claim that no MetricsSource may have, or too many of them")
      }
      return RoutedSource(
        name: name, priority: priority, serviceNamespace: service.namespace, serviceName: service.name,
        backend: RoutedSource.Backend(scheme: backend.scheme, host: backend.host, port: backend.port),
        tls: RoutedSource.TLS(
          serverName: tls.serverName, insecureSkipTLSVerify: tls.insecureSkipTLSVerify, caBundle: tls.caBundle),
        sendsToken: sendsToken, timeoutSeconds: timeoutSeconds, metricTypes: metricTypes,
        customVersions: try versions(customVersions, .custom),
        externalVersions: try versions(externalVersions, .external),
        listing: listing, retained: retained, isStale: stale, claims: claims,
        fallThrough: FallThroughSet(fallThrough ?? []), shadowOf: shadowOf)
    }

    private func versions(_ texts: [String], _ group: MetricsGroup) throws(SnapshotError) -> [MetricsGroupVersion] {
      var versions: [MetricsGroupVersion] = []
      for text in texts {
        guard let version = MetricsGroupVersion(rawValue: text), version.group == group else {
          throw .malformed(reason: "source \"\(name)\" has a version \"\(text)\" among those of \(group.rawValue)")
        }
        versions.append(version)
      }
      return versions
    }
  }

  struct Service: Decodable {
    var namespace: String
    var name: String
  }

  struct Backend: Decodable {
    var scheme: MetricsSourceSpec.Scheme
    var host: String
    var port: Int
  }

  struct TLS: Decodable {
    var serverName: String
    var caBundle: String?
    var insecureSkipTLSVerify: Bool
  }

  /// A retained listing without its lists of metrics.
  struct Retained: Decodable {
    var lastListed: String
  }
}
