import MetricsAPI
import Routing

/// The claims that let requests reach an adapter which does not list its metrics, as YAML to paste.
struct ClaimAdvice: Equatable {
  /// `spec.claims: [{…}]`
  let claims: String
  /// `spec.fallThrough: […]`, without which claims of so much would keep requests from other sources.
  let fallThrough: String?
  /// Why these, and what to look at before pasting them.
  let remark: String

  /// For metrics of `types` of the adapter behind `service`. An adapter that its recipes do not know, or know no claims
  /// for, is advised to claim everything.
  init(for service: MetricsSourceSpec.Service, types: [MetricsSourceSpec.MetricType]) {
    let recipe = AdapterRecipe.known.first { recipe in
      recipe.words.contains { service.name.contains($0) || service.namespace.contains($0) }
    }
    let known = recipe?.claims(of: types) ?? []
    let advised = known.isEmpty ? types.map { Claim(metrics: [Glob("*")], metricType: $0) } : known
    claims = "spec.claims: [\(advised.map(\.flowText).joined(separator: ", "))]"
    fallThrough = (recipe?.fallThrough).flatMap { outcomes in
      outcomes.isEmpty ? nil : "spec.fallThrough: [\(outcomes.map(\.rawValue).joined(separator: ", "))]"
    }
    remark =
      known.isEmpty
      ? "narrow the pattern where other sources are to answer the rest" : recipe?.claimsReason ?? "as its recipe says"
  }

  /// `add spec.claims: […] and spec.fallThrough: […] (…)`
  var text: String { "add \(claims)\(fallThrough.map { " and " + $0 } ?? "") (\(remark))" }
}

extension Claim {
  /// On one line, as YAML writes it.
  fileprivate var flowText: String {
    var fields: [String] = []
    if let metricType { fields.append("metricType: \(metricType.rawValue)") }
    for (field, list) in lists {
      fields.append("\(field.rawValue): [\(list.map { "\"\($0)\"" }.joined(separator: ", "))]")
    }
    return "{\(fields.joined(separator: ", "))}"
  }
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
      return !isRouted && !claims.contains { $0.reaches(type) }
    }
  }

  /// Those of ``unroutedTypes`` for which the backend lists a placeholder.
  var placeholderTypes: [MetricsSourceSpec.MetricType] {
    unroutedTypes.filter { type in
      listing.placeholders.contains { ($0 == Placeholder.external) == (type == .externalMetrics) }
    }
  }
}
