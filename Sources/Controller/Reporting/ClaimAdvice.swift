import MetricsAPI
import Routing

/// The claim that lets requests reach an adapter which does not list its metrics, as YAML to paste.
struct ClaimAdvice: Equatable {
  /// `spec.claims: [{…}]`
  let yaml: String
  /// What to look at before pasting it.
  let remark: String

  /// For metrics of `types` of the adapter behind `service`. What each of the common adapters looks at is read from its
  /// source.
  init(for service: MetricsSourceSpec.Service, types: [MetricsSourceSpec.MetricType]) {
    let place = "\(service.namespace)/\(service.name)".lowercased()
    let field: String
    if place.contains("keda") {
      field = "selectorKeys: [\"scaledobject.keda.sh/name\"]"
      remark = "every request that KEDA can answer carries that key"
    } else if place.contains("datadog") {
      field = "metrics: [\"datadogmetric@*\"]"
      remark = "add the names of metrics that are asked for without a DatadogMetric"
    } else if place.contains("stackdriver") || place.contains("gcp") {
      field = "metrics: [\"*|*\"]"
      remark = "names in Google Cloud are written with | in place of /"
    } else {
      field = "metrics: [\"*\"]"
      remark = "narrow the pattern where other sources are to answer the rest"
    }
    let claims = types.map { "{metricType: \($0.rawValue), \(field)}" }
    yaml = "spec.claims: [\(claims.joined(separator: ", "))]"
  }

  /// `add spec.claims: […] (…)`
  var text: String { "add \(yaml) (\(remark))" }
}

extension RoutedSource {
  /// The types of metrics that the source has, but neither lists nor claims.
  var unroutedTypes: [MetricsSourceSpec.MetricType] {
    metricTypes.filter { type in
      let isRouted =
        switch type {
        case .customMetrics: !listing.custom.isEmpty || retained.contains { !$0.listing.custom.isEmpty }
        case .externalMetrics: !listing.external.isEmpty || retained.contains { !$0.listing.external.isEmpty }
        }
      // A claim with resources is of custom metrics alone.
      let isClaimed = claims.contains { claim in
        claim.metricType.map { $0 == type } ?? (claim.resources.isEmpty || type == .customMetrics)
      }
      return !isRouted && !isClaimed
    }
  }

  /// Those of ``unroutedTypes`` for which the backend lists a placeholder.
  var placeholderTypes: [MetricsSourceSpec.MetricType] {
    unroutedTypes.filter { type in
      listing.placeholders.contains { ($0 == Placeholder.external) == (type == .externalMetrics) }
    }
  }
}
