/// GoogleCloudPlatform/k8s-stackdriver, `custom-metrics-stackdriver-adapter/pkg/adapter/provider/provider.go`. In names `|`
/// stands for the `/` of Google's metric types.
struct Stackdriver: Adapter {
  let stock: MetricStock

  /// One metric of the many, of any resource: `*/custom.googleapis.com|requests`.
  var listedCustom: [ListedMetric] {
    stock.custom.first.map { [ListedMetric(name: "*/" + Self.type($0.metric), isNamespaced: true)] } ?? []
  }

  var listedExternal: [ListedMetric] { [.externalPlaceholder] }

  func value(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    if let refusal = unsupported(object, "by name") { return refusal }
    guard let name = stock.objects(object, request.labelSelector).first else {
      let (name, kind) = (object.name, object.resource)
      return .failure(
        404, "NotFound", #"\#(kind) "\#(name)" not found"#, details: #"{"name":\#(name.quoted),"kind":"\#(kind)"}"#)
    }
    guard let series = series(object) else { return unknown(object.metric, prefix: "custom.googleapis.com/") }
    if let refusal = refusal(request.metricLabelSelector, prefixes: ["metric.labels."]) { return refusal }
    let values = stock.values(series, object, [name])
    return values.isEmpty ? .metricNotFound(object) : answer(values, object, request, version)
  }

  func values(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    if let refusal = unsupported(object, "by selector") { return refusal }
    guard let series = series(object) else { return unknown(object.metric, prefix: "custom.googleapis.com/") }
    if let refusal = refusal(request.metricLabelSelector, prefixes: ["metric.labels."]) { return refusal }
    return answer(
      stock.values(series, object, stock.objects(object, request.labelSelector)), object, request, version)
  }

  func external(_ metric: String, namespace: String, _ request: AdapterRequest) -> AdapterAnswer {
    guard !stock.isDown, let series = stock.external(metric) else { return unknown(metric, prefix: "") }
    let prefixes = ["metric.labels.", "resource.labels.", "metadata.system_labels.", "metadata.user_labels."]
    if let refusal = refusal(request.labelSelector, prefixes: prefixes, names: ["resource.type"]) { return refusal }
    let hasPoints = stock.condition(metric) != .empty && request.labelSelector.matches(series.labels)
    return .values(hasPoints ? [ExternalItem(metric: metric, value: stock.value(series), labels: series.labels)] : [])
  }

  private func series(_ object: AdapterRequest.Object) -> MetricStock.Custom? {
    stock.isDown ? nil : stock.custom(object)
  }

  private func answer(
    _ values: [(name: String, value: String)], _ object: AdapterRequest.Object, _ request: AdapterRequest,
    _ version: String
  ) -> AdapterAnswer {
    let selector = request.metricLabelSelector.json
    let items = values.map {
      CustomItem(object: object, name: $0.name, value: $0.value, selector: selector, apiVersion: "/__internal")
    }
    return .values(items, version: version)
  }

  /// Also what an outage of Cloud Monitoring looks like: the descriptor is asked for first, and any error is this one.
  private func unknown(_ metric: String, prefix: String) -> AdapterAnswer {
    let name =
      metric.contains("|")
      ? metric.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "/") : prefix + metric
    return .notFound(#"the server could not find the descriptor for metric "\#(name)""#)
  }

  private func unsupported(_ object: AdapterRequest.Object, _ manner: String) -> AdapterAnswer? {
    let resource = object.resource.groupResource.resource
    let scope = object.namespace == nil ? "root scoped" : "namespaced"
    if resource == (object.namespace == nil ? "nodes" : "pods") { return nil }
    let operation = "Get \(scope) metric \(manner) for resource \(resource.quoted)"
    return .failure(501, "BadRequest", "Operation: \(operation.quoted) is not implemented")
  }

  /// Labels that Cloud Monitoring has none of are refused, never passed over.
  private func refusal(_ selection: LabelSelection, prefixes: [String], names: [String] = []) -> AdapterAnswer? {
    for requirement in selection.requirements where requirement.key != "reducer" {
      let isAllowed = prefixes.contains { requirement.key.hasPrefix($0) } || names.contains(requirement.key)
      if requirement.operation == "!" {
        return .badRequest("Label selector with operator DoesNotExist is not allowed")
      }
      if !isAllowed { return .badRequest("Metric label: \(requirement.key.quoted) is not allowed") }
    }
    return nil
  }

  private static func type(_ metric: String) -> String {
    metric.contains("|") ? metric : "custom.googleapis.com|" + metric
  }
}
