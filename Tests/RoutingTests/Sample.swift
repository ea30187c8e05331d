import MetricsAPI
import Routing

/// A source with what a test does not care about filled in.
func source(
  _ name: String, priority: Int = 10, custom: [CustomMetric] = [], external: [String] = [],
  placeholders: [String] = [], isStale: Bool = false
) -> RoutedSource {
  RoutedSource(
    name: name,
    spec: MetricsSourceSpec(
      priority: priority, metricTypes: [.customMetrics, .externalMetrics],
      service: MetricsSourceSpec.Service(namespace: "monitoring", name: name, port: .number(443))),
    port: 443, customVersions: [.customV1Beta1], externalVersions: [.externalV1Beta1],
    listing: MetricsListing(custom: custom, external: external, placeholders: placeholders), isStale: isStale)
}

func pods(_ name: String) -> CustomMetric { CustomMetric(resource: "pods", isNamespaced: true, name: name) }

func nodes(_ name: String) -> CustomMetric { CustomMetric(resource: "nodes", isNamespaced: false, name: name) }

/// The snapshot that docs/snapshot.md shows.
let sampleSnapshot: Snapshot = {
  var secured = source("keda", priority: 50, external: ["s0-rabbitmq-orders", "s1-cron"], isStale: true)
  secured.tls = RoutedSource.TLS(
    serverName: "keda.example.com", caBundle: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
  secured.sendsToken = false
  secured.customVersions = []
  secured.metricTypes = [.externalMetrics]
  secured.claims = [
    Claim(
      metrics: [Glob("s*-*")], metricType: .externalMetrics, selectorKeys: [SelectorKey("scaledobject.keda.sh/name")])
  ]
  secured.fallThrough = FallThroughSet([.notFound, .serverError])
  secured.shadowOf = "prometheus"
  secured.retained = [
    RetainedListing(lastListed: "2026-06-24T07:02:19Z", listing: MetricsListing(external: ["s2-idle"]))
  ]
  var prometheus = source(
    "prometheus", priority: 100,
    custom: [
      pods("requests"), pods("foo"), nodes("temperature"),
      CustomMetric(resource: "deployments.apps", isNamespaced: true, name: "queue|length"),
      CustomMetric(resource: "namespaces", isNamespaced: false, name: "foo"),
    ], placeholders: ["externalmetrics"])
  prometheus.customVersions = [.customV1Beta1, .customV1Beta2]
  prometheus.tls.insecureSkipTLSVerify = true
  return Snapshot(
    generation: 42, writer: "metrics-router-controller 1.0.0", time: "2026-06-24T07:12:19Z",
    sources: [prometheus, secured])
}()
