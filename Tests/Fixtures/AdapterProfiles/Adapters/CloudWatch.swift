/// awslabs/k8s-cloudwatch-adapter, `pkg/provider/provider_external.go`: an ExternalMetric of the namespace names the query.
/// Without data the value is 0, which a caller cannot tell from a real one.
struct CloudWatch: Adapter {
  let stock: MetricStock

  func external(_ metric: String, namespace: String, _ request: AdapterRequest) -> AdapterAnswer {
    guard let series = stock.external(metric, namespace: namespace) else {
      return .badRequest("no metric query found")
    }
    guard !stock.isDown else { return .badRequest("RequestError: send request failed") }
    let value = stock.condition(metric) == .empty ? "0" : stock.value(series)
    return .values([ExternalItem(metric: metric, value: value)])
  }
}
