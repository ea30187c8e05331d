/// wavefrontHQ/wavefront-kubernetes-adapter, `pkg/provider/provider.go`. Any custom metric is asked of Wavefront; one of which it
/// has no points is not found.
struct Wavefront: Adapter {
  let stock: MetricStock

  func value(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    guard !stock.isDown else { return .internalError("unable to fetch metrics") }
    guard let value = points(object, stock.objects(object, request.labelSelector))?.first else {
      return .metricNotFound(object)
    }
    return .values([CustomItem(object: object, name: value.name, value: value.value)], version: version)
  }

  func values(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    guard !stock.isDown else { return .internalError("unable to fetch metrics") }
    guard let points = points(object, stock.objects(object, request.labelSelector)) else {
      return .metricNotFound(object.metric, for: object.resource)
    }
    return .values(points.map { CustomItem(object: object, name: $0.name, value: $0.value) }, version: version)
  }

  func external(_ metric: String, namespace: String, _ request: AdapterRequest) -> AdapterAnswer {
    guard let series = stock.external(metric) else {
      return .internalError("missing query for external metric: \(metric)")
    }
    guard !stock.isDown else {
      return .internalError(
        "error fetching metrics for external metric: \(metric) error=Internal error occurred: unable to fetch metrics")
    }
    guard stock.condition(metric) != .empty else { return .values(nil as [ExternalItem]?) }
    return .values([ExternalItem(metric: metric, value: stock.value(series))])
  }

  /// Nil where there is no point at all.
  private func points(_ object: AdapterRequest.Object, _ names: [String]) -> [(name: String, value: String)]? {
    guard let series = stock.custom(object), stock.condition(object.metric) != .empty else { return nil }
    let values = stock.values(series, object, names)
    return values.isEmpty && !names.isEmpty ? nil : values
  }
}
