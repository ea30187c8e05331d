/// zalando-incubator/kube-metrics-adapter, `pkg/provider/metric_store.go`: what its collectors brought for the HPAs that it
/// found, by namespace. A list of what it does not know is empty, never an error.
struct KubeMetricsAdapter: Adapter {
  let stock: MetricStock

  /// An entry for each namespace.
  var listedCustom: [ListedMetric] {
    stock.custom.filter { stock.isListed($0.metric) }.flatMap { series in
      let entry = ListedMetric(name: "\(series.resource)/\(series.metric)", isNamespaced: series.isNamespaced)
      return [ListedMetric](repeating: entry, count: max(series.namespaces.count, 1))
    }
  }

  var listedExternal: [ListedMetric] {
    stock.external.filter { stock.isListed($0.metric) }.flatMap { series in
      let entry = ListedMetric(name: series.metric, isNamespaced: true)
      return [ListedMetric](repeating: entry, count: max(series.namespaces.count, 1))
    }
  }

  func value(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    guard let series = collected(object), request.metricLabelSelector.matches(series.labels),
      let value = stock.values(series, object, stock.objects(object, request.labelSelector)).first
    else { return .metricNotFound(object) }
    return .values([item(value, object, series)], version: version)
  }

  /// The label selector is held against the metric's labels, and the metric's own selector is not looked at.
  func values(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    guard let series = collected(object) else { return .values(nil as [CustomItem]?, version: version) }
    guard request.labelSelector.matches(series.labels) else { return .values([CustomItem](), version: version) }
    let values = stock.values(series, object, stock.objects)
    return .values(values.map { item($0, object, series) }, version: version)
  }

  func external(_ metric: String, namespace: String, _ request: AdapterRequest) -> AdapterAnswer {
    guard !stock.isDown, stock.condition(metric) != .empty, let series = stock.external(metric, namespace: namespace),
      request.labelSelector.matches(series.labels)
    else { return .values([ExternalItem]()) }
    return .values([ExternalItem(metric: metric, value: stock.value(series), labels: series.labels)])
  }

  /// Nothing is kept of what could not be collected lately.
  private func collected(_ object: AdapterRequest.Object) -> MetricStock.Custom? {
    stock.isDown || stock.condition(object.metric) == .empty ? nil : stock.custom(object)
  }

  private func item(
    _ value: (name: String, value: String), _ object: AdapterRequest.Object, _ series: MetricStock.Custom
  ) -> CustomItem {
    let labels = LabelSelection(series.labels.map { "\($0)=\($1)" }.joined(separator: ","))
    let selector = series.labels.isEmpty ? "{}" : labels.json
    return CustomItem(
      object: object, name: value.name, value: value.value, selector: selector,
      apiVersion: object.resource == "pods" ? "v1" : nil)
  }
}
