/// AliyunContainerService/alibaba-cloud-metrics-adapter, `pkg/provider/providerManager.go`: custom metrics as
/// prometheus-adapter's, external ones of Alibaba Cloud and of Prometheus.
struct Alibaba: Adapter {
  let stock: MetricStock
  private var prometheus: PrometheusAdapter { PrometheusAdapter(stock: stock) }

  func value(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    prometheus.value(object, request, version: version)
  }

  func values(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    prometheus.values(object, request, version: version)
  }

  func external(_ metric: String, namespace: String, _ request: AdapterRequest) -> AdapterAnswer {
    guard let series = stock.external(metric) else {
      return .plainError("no any matched metrics from provider: {\(metric)}")
    }
    guard !stock.isDown else { return .plainError("failed to query Alibaba Cloud") }
    // The selector says where to look, in parameters of each service's own.
    let hasData = stock.condition(metric) != .empty
    return .values(hasData ? [ExternalItem(metric: metric, value: stock.value(series))] : [])
  }
}
