/// karmada-io/karmada, `pkg/metricsadapter/provider`: custom metrics summed over the member clusters, whose errors are logged
/// and look like metrics that no cluster has. External metrics are not implemented.
struct Karmada: Adapter {
  let stock: MetricStock

  /// The lists of the member clusters, one after the other.
  var listedCustom: [ListedMetric] { stock.listedCustom + stock.listedCustom }
  var listedExternal: [ListedMetric] { [] }

  func value(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    values(object, request, version: version)
  }

  func values(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    let names = stock.objects(object, request.labelSelector)
    let values = stock.isDown ? [] : stock.custom(object).map { stock.values($0, object, names) } ?? []
    guard !values.isEmpty else { return .metricNotFound(object.metric, for: object.resource) }
    return .values(values.map { CustomItem(object: object, name: $0.name, value: $0.value) }, version: version)
  }

  func external(_ metric: String, namespace: String, _ request: AdapterRequest) -> AdapterAnswer {
    .plainError("karmada-metrics-adapter still not implement it")
  }
}
