/// kubernetes-sigs/prometheus-adapter, `pkg/custom-provider/provider.go` and `pkg/external-provider/provider.go`.
struct PrometheusAdapter: Adapter {
  let stock: MetricStock

  func value(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    guard let series = stock.custom(object) else { return .metricNotFound(object.metric, for: object.resource) }
    guard !stock.isDown else { return .internalError("unable to fetch metrics") }
    let values = stock.values(series, object, stock.objects(object, request.labelSelector))
    return values.isEmpty ? .metricNotFound(object) : answer(values, object, request, version)
  }

  /// The same error for a metric that is not known and for objects that are not there: no query can be made of no names.
  func values(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    let names = stock.objects(object, request.labelSelector)
    guard let series = stock.custom(object), !names.isEmpty else {
      return .metricNotFound(object.metric, for: object.resource)
    }
    guard !stock.isDown else { return .internalError("unable to fetch metrics") }
    return answer(stock.values(series, object, names), object, request, version)
  }

  /// The metric stands in no list once idle, and is not found then. The resource that the error names is `namespaces` in the
  /// namespace default and nothing elsewhere.
  func external(_ metric: String, namespace: String, _ request: AdapterRequest) -> AdapterAnswer {
    guard let series = stock.external(metric) else {
      return .metricNotFound(metric, for: namespace == "default" ? "namespaces" : "")
    }
    guard !stock.isDown else { return .internalError("unable to fetch metrics") }
    let isPlaced = series.namespaces.isEmpty || series.namespaces.contains(namespace)
    let hasSamples = isPlaced && stock.condition(metric) != .empty && request.labelSelector.matches(series.labels)
    return .values(
      hasSamples ? [ExternalItem(metric: metric, value: stock.value(series), labels: series.labels)] : [])
  }

  private func answer(
    _ values: [(name: String, value: String)], _ object: AdapterRequest.Object, _ request: AdapterRequest,
    _ version: String
  ) -> AdapterAnswer {
    let selector = request.metricLabelSelector.json
    return .values(
      values.map { CustomItem(object: object, name: $0.name, value: $0.value, selector: selector) }, version: version)
  }
}
