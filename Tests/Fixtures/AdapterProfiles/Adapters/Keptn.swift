/// keptn/lifecycle-toolkit, `metrics-operator/cmd/metrics/adapter/provider`: the object of a metric is the KeptnMetric itself,
/// of the same name. The stock's custom metrics are those, whatever their resource.
struct Keptn: Adapter {
  private static let resource = "keptnmetrics.metrics.keptn.sh"

  let stock: MetricStock

  /// With the value that a KeptnMetric has before its first: a metric without data is 0.
  var listedCustom: [ListedMetric] {
    stock.custom.filter { stock.isListed($0.metric) }
      .map { ListedMetric(name: "\(Self.resource)/\($0.metric)", isNamespaced: true) }
  }

  /// The object's name is looked up; the resource and the metric that are asked for are not looked at.
  func value(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    let namespace = object.namespace ?? "default"
    let known = stock.custom.first {
      $0.metric == object.name && ($0.namespaces.isEmpty || $0.namespaces.contains(namespace))
    }
    guard let known, stock.condition(known.metric) != .idle else {
      return .notFound(
        "the server could not find the metric \(object.metric) for \(object.resource) \(object.name) with selector \(request.metricLabelSelector)"
      )
    }
    return .values([item(known)], version: version)
  }

  /// All metrics whose labels match, of every namespace and whatever the metric that is asked for.
  func values(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    let matching = stock.custom.filter {
      stock.condition($0.metric) != .idle && request.labelSelector.matches($0.labels)
    }
    return .values(matching.map(item), version: version)
  }

  private func item(_ series: MetricStock.Custom) -> CustomItem {
    let object = AdapterRequest.Object(
      resource: Self.resource, namespace: series.namespaces.first ?? "default", name: series.metric,
      metric: series.metric)
    let labels = LabelSelection(series.labels.map { "\($0)=\($1)" }.joined(separator: ","))
    let value = stock.condition(series.metric) == .empty ? "0" : series.value ?? "\(stock.valueBase)"
    return CustomItem(
      object: object, name: series.metric, value: value, selector: series.labels.isEmpty ? "{}" : labels.json,
      apiVersion: "metrics.keptn.sh/v1")
  }
}
