/// Azure/azure-k8s-metrics-adapter, `pkg/provider/provider_custom.go` and `provider_external.go`. It lists nothing and asks
/// Azure for any name; what comes back as an error is 400.
struct Azure: Adapter {
  let stock: MetricStock

  var listedCustom: [ListedMetric] { [] }
  var listedExternal: [ListedMetric] { [] }

  func value(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    .failure(503, "ServiceUnavailable", "not implemented yet")
  }

  /// The one value that Application Insights has, for every object. Without data it is 0.
  func values(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    guard !stock.isDown, let series = stock.custom(object) else { return .badRequest("metrics result is nil") }
    let value = stock.condition(object.metric) == .empty ? "0" : series.value ?? "\(stock.valueBase)"
    let items = stock.objects(object, request.labelSelector).map {
      CustomItem(object: object, name: $0, value: value, selector: request.labelSelector.json)
    }
    return .values(items, version: version)
  }

  /// By an ExternalMetric of the namespace, else by what the selector says, whatever the name.
  func external(_ metric: String, namespace: String, _ request: AdapterRequest) -> AdapterAnswer {
    if let series = stock.external(metric, namespace: namespace) { return answer(series, metric) }
    let labels = [
      "metricName", "resourceGroup", "subscriptionID", "resourceName", "resourceProviderNamespace", "resourceType",
      "aggregation", "filter", "namespace", "topic", "subscription",
    ]
    for requirement in request.labelSelector.requirements {
      guard requirement.operation == "=" else {
        return .badRequest("selector type not supported. only equals is supported at this time")
      }
      guard labels.contains(requirement.key) else {
        return .badRequest("selector label '\(requirement.key)' not supported")
      }
    }
    guard let name = request.labelSelector.value(of: "metricName"), !name.isEmpty else {
      return .badRequest("metricName is required")
    }
    guard request.labelSelector.value(of: "resourceGroup") != nil else {
      return .badRequest("resourceGroup is required")
    }
    return answer(stock.external(name), metric)
  }

  private func answer(_ series: MetricStock.External?, _ metric: String) -> AdapterAnswer {
    guard !stock.isDown, let series, stock.condition(series.metric) != .empty else {
      return .badRequest("Got an empty response for metric /\(series?.metric ?? metric) and aggregate type ")
    }
    return .values([ExternalItem(metric: metric, value: stock.value(series))])
  }
}
