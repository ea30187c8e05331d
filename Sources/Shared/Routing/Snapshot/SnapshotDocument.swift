import MetricsAPI

/// The JSON of a snapshot behind its envelope: metric names grouped by resource and scope, so that a person can read it.
struct SnapshotDocument: Codable {
  struct Source: Codable {
    struct Service: Codable {
      var scheme: MetricsSourceSpec.Scheme
      var host: String
      var port: UInt16
    }

    struct TLS: Codable {
      var serverName: String
      var insecureSkipTLSVerify: Bool
      var caBundle: String?
    }

    struct Resource: Codable {
      var resource: String
      var namespaced: Bool
      var metrics: [String]
    }

    var name: String
    var priority: Int
    var backend: Service
    var tls: TLS
    var sendsToken: Bool
    var timeoutSeconds: Int
    var customVersions: [String]
    var customMetrics: [Resource]
    var externalMetrics: [String]
  }

  var generation: UInt64
  var writer: String
  var time: String
  var sources: [Source]
}

extension SnapshotDocument.Source {
  init(_ source: RoutedSource) {
    name = source.name
    priority = source.priority
    backend = Service(scheme: source.backend.scheme, host: source.backend.host, port: source.backend.port)
    tls = TLS(
      serverName: source.tls.serverName, insecureSkipTLSVerify: source.tls.insecureSkipTLSVerify,
      caBundle: source.tls.caBundle)
    sendsToken = source.sendsToken
    timeoutSeconds = source.timeoutSeconds
    customVersions = source.customVersions.map(\.version)
    externalMetrics = source.externalMetrics
    customMetrics = []
    for metric in source.customMetrics {
      if let last = customMetrics.last, last.resource == metric.resource, last.namespaced == metric.isNamespaced {
        customMetrics[customMetrics.count - 1].metrics.append(metric.name)
      } else {
        customMetrics.append(
          Resource(resource: metric.resource, namespaced: metric.isNamespaced, metrics: [metric.name]))
      }
    }
  }

  func routed() throws(SnapshotError) -> RoutedSource {
    var versions: [MetricsGroupVersion] = []
    for version in customVersions {
      guard let known = MetricsGroupVersion(rawValue: "\(MetricsGroup.custom.rawValue)/\(version)") else {
        throw .malformed("source \(name): custom metrics version \(version) is not known here")
      }
      versions.append(known)
    }
    return RoutedSource(
      name: name, priority: priority,
      backend: RoutedSource.Backend(scheme: backend.scheme, host: backend.host, port: backend.port),
      tls: RoutedSource.TLS(
        serverName: tls.serverName, insecureSkipTLSVerify: tls.insecureSkipTLSVerify, caBundle: tls.caBundle),
      sendsToken: sendsToken, timeoutSeconds: timeoutSeconds, customVersions: versions,
      customMetrics: customMetrics.flatMap { resource in
        resource.metrics.map {
          CustomMetric(resource: resource.resource, isNamespaced: resource.namespaced, name: $0)
        }
      }, externalMetrics: externalMetrics)
  }
}
