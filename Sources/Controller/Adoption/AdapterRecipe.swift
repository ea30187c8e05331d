import Kubernetes
import Routing
import YAML

/// What a MetricsSource for a known adapter needs besides its address, because of how that adapter lists and answers.
struct AdapterRecipe: Sendable, Equatable {
  /// As people call it.
  let name: String
  /// Any of these in the name of the Service, or in a label that names an application or a chart, gives it away.
  let words: [String]
  var claims: [Claim] = []
  /// Why it has these claims; a comment in the manifest.
  var claimsReason: String?
  var fallThrough: [FallThrough] = []
  var fallThroughReason: String?
  /// How its chart is kept from making the APIService, where it can be told.
  var chartAdvice: String?
  /// Whether it writes its authority into the APIService itself, so that a copy can become stale.
  var renewsAuthority = false

  /// The recipe for the adapter behind a Service, by what the Service and its APIServices are called and labelled.
  static func of(_ service: ServiceAddress, _ labelled: [(labels: [String: String]?, annotations: [String: String]?)])
    -> AdapterRecipe?
  {
    let labels = [
      "app", "k8s-app", "application", "app.kubernetes.io/name", "app.kubernetes.io/part-of", "helm.sh/chart", "chart",
    ]
    var texts = [service.name]
    for metadata in labelled {
      texts += labels.compactMap { metadata.labels?[$0] }
      if let release = metadata.annotations?["meta.helm.sh/release-name"] { texts.append(release) }
    }
    return known.first { recipe in recipe.words.contains { word in texts.contains { $0.contains(word) } } }
  }

  /// Those for a source of these types.
  func claims(of types: [MetricsSourceSpec.MetricType]) -> [Claim] {
    claims.filter { claim in claim.metricType.map(types.contains) ?? true }
  }
}

extension Claim {
  /// As it stands in `spec.claims`.
  var manifest: YAMLValue {
    var entries: [(String, YAMLValue)] = []
    if let metricType { entries.append(("metricType", .string(metricType.rawValue))) }
    for (field, list) in lists { entries.append((field.rawValue, .strings(list))) }
    return .object(entries)
  }
}
