import MetricsAPI

/// A snapshot file as JSONDecoder reads it. Fields it does not know are ignored, so that a later release may add some.
struct SnapshotDocument: Decodable {
  private var generation: UInt64
  private var time: String
  private var writer: String
  private var sources: [Source]

  /// Checks what the digest cannot: that the content makes sense.
  func snapshot() throws(SnapshotError) -> Snapshot {
    var names: Set<String> = []
    var routed: [RoutedSource] = []
    for source in sources {
      guard !source.name.isEmpty, names.insert(source.name).inserted else {
        throw .malformed(reason: "a source has no name, or the name of another: \"\(source.name)\"")
      }
      routed.append(try source.routed())
    }
    return Snapshot(generation: generation, writer: writer, time: time, sources: routed)
  }

  private struct Source: Decodable {
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
    var customMetrics: CustomMetrics
    var externalMetrics: [String]
    var placeholders: [String]
    // Absent in what an older release wrote.
    var metricTypes: [MetricsSourceSpec.MetricType]?
    var claims: [Claim]?
    var fallThrough: [FallThrough]?
    var shadowOf: String?
    var retained: [Retained]?

    func routed() throws(SnapshotError) -> RoutedSource {
      guard (1...65535).contains(backend.port), !backend.host.isEmpty, (1...60).contains(timeoutSeconds) else {
        throw .malformed(reason: "source \"\(name)\" has no host, a port not of 1…65535, or a timeout not of 1…60")
      }
      // Every request is held against every claim.
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
        listing: MetricsListing(
          custom: customMetrics.metrics, external: externalMetrics, placeholders: placeholders),
        retained: (retained ?? []).map(\.listing), isStale: stale, claims: claims,
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

  private struct Service: Decodable {
    var namespace: String
    var name: String
  }

  private struct Backend: Decodable {
    var scheme: MetricsSourceSpec.Scheme
    var host: String
    var port: Int
  }

  private struct TLS: Decodable {
    var serverName: String
    var caBundle: String?
    var insecureSkipTLSVerify: Bool
  }

  private struct Retained: Decodable {
    var lastListed: String
    var customMetrics: CustomMetrics
    var externalMetrics: [String]

    var listing: RetainedListing {
      RetainedListing(
        lastListed: lastListed, listing: MetricsListing(custom: customMetrics.metrics, external: externalMetrics))
    }
  }

  private struct CustomMetrics: Decodable {
    var namespaced: [String: [String]]
    var rootScoped: [String: [String]]

    var metrics: [CustomMetric] {
      [(namespaced, true), (rootScoped, false)].flatMap { names, isNamespaced in
        names.flatMap { resource, names in
          names.map { CustomMetric(resource: resource, isNamespaced: isNamespaced, name: $0) }
        }
      }
    }
  }
}
