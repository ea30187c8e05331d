extension Claim: Codable {
  private enum Key: String, CodingKey {
    case metrics, metricType, resources, namespaces, selectorKeys
  }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    self.init(
      metrics: try fields.decodeIfPresent([Glob].self, forKey: .metrics) ?? [],
      metricType: try fields.decodeIfPresent(MetricsSourceSpec.MetricType.self, forKey: .metricType),
      resources: try fields.decodeIfPresent([Glob].self, forKey: .resources) ?? [],
      namespaces: try fields.decodeIfPresent([Glob].self, forKey: .namespaces) ?? [],
      selectorKeys: try fields.decodeIfPresent([SelectorKey].self, forKey: .selectorKeys) ?? [])
  }

  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    if !metrics.isEmpty { try fields.encode(metrics, forKey: .metrics) }
    try fields.encodeIfPresent(metricType, forKey: .metricType)
    if !resources.isEmpty { try fields.encode(resources, forKey: .resources) }
    if !namespaces.isEmpty { try fields.encode(namespaces, forKey: .namespaces) }
    if !selectorKeys.isEmpty { try fields.encode(selectorKeys, forKey: .selectorKeys) }
  }
}
