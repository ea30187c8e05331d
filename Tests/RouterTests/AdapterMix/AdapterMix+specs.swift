import AdapterProfiles
import Routing

extension AdapterMix {
  /// As a cluster that has them all would name them, with what overlaps: claims of the same metrics, equal priorities, a
  /// source that claims everything and one that never falls through.
  static var specs: [(AdapterProfile, MetricsSourceSpec)] {
    let both: [MetricsSourceSpec.MetricType] = [.customMetrics, .externalMetrics]
    return [
      spec(.prometheusAdapter, 100, both, fallThrough: [.notFound, .empty]),
      spec(
        .keda, 90, [.externalMetrics],
        Claim(metrics: [Glob("s*-*")], selectorKeys: [SelectorKey("scaledobject.keda.sh/name")]),
        fallThrough: [.serverError]),
      spec(
        .datadog, 80, [.externalMetrics], Claim(metrics: [Glob("datadogmetric@*:*"), Glob("nginx.*")]),
        fallThrough: [.serverError]),
      spec(
        .stackdriver, 70, both, Claim(metrics: [Glob("*googleapis.com|*"), Glob("kubernetes.io|*")]),
        fallThrough: [.notFound, .serverError]),
      spec(.kubeMetricsAdapter, 70, both, fallThrough: [.empty, .notFound]),
      spec(
        .cloudwatch, 60, [.externalMetrics], Claim(namespaces: [Glob("aws-*")]), fallThrough: [.notFound]),
      spec(.newRelic, 50, [.externalMetrics], fallThrough: [.serverError]),
      spec(.alibaba, 50, both, fallThrough: [.notFound, .serverError]),
      spec(
        .karmada, 40, both, Claim(metrics: [Glob("?_*"), Glob("que*"), Glob("UPPER*")], metricType: .externalMetrics),
        fallThrough: [.notFound, .serverError]),
      spec(.keptn, 40, [.customMetrics]),
      spec(
        .azure, 30, both, Claim(resources: [Glob("pods"), Glob("*.apps")], namespaces: [Glob("team-?")]),
        Claim(metricType: .externalMetrics, namespaces: [Glob("team-a")]), fallThrough: [.notFound, .unavailable]),
      spec(
        .wavefront, 20, both, Claim(selectorKeys: [SelectorKey("app=web")]),
        Claim(metrics: [Glob("*%*"), Glob("*~*")]),
        fallThrough: FallThrough.allCases),
    ]
  }

  private static func spec(
    _ profile: AdapterProfile, _ priority: Int, _ types: [MetricsSourceSpec.MetricType], _ claims: Claim...,
    fallThrough: [FallThrough] = []
  ) -> (AdapterProfile, MetricsSourceSpec) {
    let service = MetricsSourceSpec.Service(namespace: "adapters", name: profile.rawValue, port: .number(443))
    return (
      profile,
      MetricsSourceSpec(
        priority: priority, metricTypes: types, service: service, claims: claims, fallThrough: fallThrough)
    )
  }
}
