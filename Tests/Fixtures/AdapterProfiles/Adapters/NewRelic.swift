/// newrelic/newrelic-k8s-metrics-adapter, `internal/provider`, with its cache as its chart sets it up. The namespace plays no
/// part, and every error is 500.
struct NewRelic: Adapter {
  let stock: MetricStock

  func external(_ metric: String, namespace: String, _ request: AdapterRequest) -> AdapterAnswer {
    let context = "getting fresh external metric value: getting metric value: "
    guard metric.lowercased() == metric else {
      return .plainError(context + #"invalid metric name "\#(metric)": may not contain uppercase char"#)
    }
    guard let series = stock.external(metric) else {
      return .plainError(context + #"metric "\#(metric)" not configured"#)
    }
    guard !stock.isDown, stock.condition(metric) != .empty else {
      let failure =
        stock.isDown ? "executing query: connection refused" : "validating result: expected exactly 1 sample, got 0"
      return .plainError(context + #"query "select latest(value) from Metric": "# + failure)
    }
    return .values([ExternalItem(metric: metric, value: stock.value(series), labels: [:])])
  }
}
