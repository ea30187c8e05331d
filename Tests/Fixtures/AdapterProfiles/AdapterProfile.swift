/// The metrics adapters whose behaviour is known from their source. What each answers stands in `Adapters`.
package enum AdapterProfile: String, Sendable, CaseIterable {
  case prometheusAdapter = "prometheus-adapter"
  case keda
  case datadog
  /// The Datadog cluster agent without DatadogMetrics: values kept in a ConfigMap, as older releases do.
  case datadogConfigMap = "datadog-configmap"
  case stackdriver
  case kubeMetricsAdapter = "kube-metrics-adapter"
  case azure
  case cloudwatch
  case newRelic = "new-relic"
  case alibaba
  case karmada
  case keptn
  case wavefront

  /// The API groups that it serves. Custom metrics are served as v1beta1 and v1beta2, and advertised as v1beta1.
  package var groups: [String] {
    let (custom, external) = (AdapterRequest.customGroup, AdapterRequest.externalGroup)
    return switch self {
    case .keda, .datadog, .datadogConfigMap, .cloudwatch, .newRelic: [external]
    case .keptn: [custom]
    default: [custom, external]
    }
  }

  /// What its answers are made from: a cache of its own or a cloud far away.
  package var latency: Duration {
    switch self {
    case .datadog, .datadogConfigMap, .kubeMetricsAdapter, .keptn: .milliseconds(1)
    case .newRelic: .milliseconds(5)
    case .prometheusAdapter, .alibaba: .milliseconds(15)
    case .keda: .milliseconds(25)
    case .karmada: .milliseconds(60)
    case .stackdriver, .wavefront, .cloudwatch: .milliseconds(120)
    case .azure: .milliseconds(200)
    }
  }

  /// The answer to a GET of a caller whose `Authorization` field, if any, is given. A function of its arguments alone.
  package func answer(
    _ request: AdapterRequest, authorization: String?, access: AdapterAccess, stock: MetricStock
  ) -> AdapterAnswer {
    if let refusal = access.refusal(request, authorization: authorization) { return refusal }
    let adapter = adapter(stock)
    switch request.target {
    case .elsewhere: return .noSuchPage
    case .groups: return .groups(groups)
    case .group(let group): return groups.contains(group) ? .group(group) : .noSuchPage
    case .nothing(let group): return groups.contains(group) ? .noSuchResource : .noSuchPage
    case .list(let group, let version):
      guard groups.contains(group) else { return .noSuchPage }
      let isExternal = group == AdapterRequest.externalGroup
      return .list(isExternal ? adapter.listedExternal : adapter.listedCustom, group: group, version: version)
    case .custom(let version, let object):
      guard groups.contains(AdapterRequest.customGroup) else { return .noSuchPage }
      return object.name == "*"
        ? adapter.values(object, request, version: version) : adapter.value(object, request, version: version)
    case .external(let namespace, let metric):
      guard groups.contains(AdapterRequest.externalGroup) else { return .noSuchPage }
      return adapter.external(metric, namespace: namespace, request)
    }
  }

  private func adapter(_ stock: MetricStock) -> any Adapter {
    switch self {
    case .prometheusAdapter: PrometheusAdapter(stock: stock)
    case .keda: KEDA(stock: stock)
    case .datadog: Datadog(stock: stock)
    case .datadogConfigMap: DatadogConfigMap(stock: stock)
    case .stackdriver: Stackdriver(stock: stock)
    case .kubeMetricsAdapter: KubeMetricsAdapter(stock: stock)
    case .azure: Azure(stock: stock)
    case .cloudwatch: CloudWatch(stock: stock)
    case .newRelic: NewRelic(stock: stock)
    case .alibaba: Alibaba(stock: stock)
    case .karmada: Karmada(stock: stock)
    case .keptn: Keptn(stock: stock)
    case .wavefront: Wavefront(stock: stock)
    }
  }
}

/// What one adapter's provider does; the rest is sigs.k8s.io/custom-metrics-apiserver's and the same for all.
protocol Adapter {
  var stock: MetricStock { get }
  var listedCustom: [ListedMetric] { get }
  var listedExternal: [ListedMetric] { get }

  /// `GetMetricByName`.
  func value(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer
  /// `GetMetricBySelector`.
  func values(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer
  /// `GetExternalMetric`.
  func external(_ metric: String, namespace: String, _ request: AdapterRequest) -> AdapterAnswer
}

/// Of adapters that serve one group only: the other is never asked.
extension Adapter {
  var listedCustom: [ListedMetric] { stock.listedCustom }
  var listedExternal: [ListedMetric] { stock.listedExternal }

  func value(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    .noSuchPage
  }
  func values(_ object: AdapterRequest.Object, _ request: AdapterRequest, version: String) -> AdapterAnswer {
    .noSuchPage
  }
  func external(_ metric: String, namespace: String, _ request: AdapterRequest) -> AdapterAnswer { .noSuchPage }
}
