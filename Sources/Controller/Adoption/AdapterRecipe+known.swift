import Routing

extension AdapterRecipe {
  /// The adapters that are known to need something, the most particular names first.
  static let known: [AdapterRecipe] = [
    AdapterRecipe(
      name: "KEDA", words: ["keda"],
      claims: [Claim(metricType: .externalMetrics, selectorKeys: [SelectorKey("scaledobject.keda.sh/name")])],
      claimsReason: "KEDA lists the placeholder externalmetrics only, and answers nothing but requests whose selector"
        + " names a ScaledObject",
      chartAdvice: "KEDA's chart always makes the APIService: remove it in a post-renderer",
      renewsAuthority: true),
    AdapterRecipe(
      name: "Datadog Cluster Agent", words: ["datadog"],
      claims: [Claim(metricType: .externalMetrics)],
      claimsReason: "Datadog lists the placeholder externalmetrics only: every external metric is asked for here; where"
        + " all are datadogmetric@NAMESPACE:NAME, metrics: [\"datadogmetric@*\"] is enough",
      fallThrough: [.serverError, .empty],
      fallThroughReason: "a metric that it does not know is 500, in its older mode 200 without items",
      chartAdvice: "set clusterAgent.metricsProvider.registerAPIService: false in Datadog's chart"),
    AdapterRecipe(
      name: "Custom Metrics Stackdriver Adapter", words: ["stackdriver"],
      claims: [Claim(metricType: .customMetrics), Claim(metrics: [Glob("*|*")], metricType: .externalMetrics)],
      claimsReason:
        "the Stackdriver adapter lists one metric of each kind only; its external metrics have | in place of /",
      fallThrough: [.notFound, .serverError],
      fallThroughReason: "a metric that it does not know is 404, what it does not support 501"),
    AdapterRecipe(
      name: "Azure Kubernetes Metrics Adapter", words: ["azure-k8s-metrics-adapter", "azure-metrics-adapter"],
      claims: [Claim(metricType: .customMetrics), Claim(metricType: .externalMetrics)],
      claimsReason: "the Azure adapter lists nothing and tries any name",
      fallThrough: [.notFound, .unavailable],
      fallThroughReason: "a metric that it does not know is 400, of an object by its name 503"),
    AdapterRecipe(
      name: "CloudWatch Adapter", words: ["cloudwatch"],
      fallThrough: [.notFound],
      fallThroughReason: "a metric that it does not know is 400; without data it answers 0, which is a value"),
    AdapterRecipe(
      name: "kube-metrics-adapter", words: ["kube-metrics-adapter"],
      fallThrough: [.notFound, .empty],
      fallThroughReason: "a metric that it has not collected yet is 200 without items, of an object by its name 404"),
    AdapterRecipe(
      name: "New Relic Metrics Adapter", words: ["newrelic", "new-relic"],
      fallThrough: [.serverError],
      fallThroughReason: "a metric that it does not know is 500"),
    AdapterRecipe(
      name: "Alibaba Cloud Metrics Adapter", words: ["alibaba"],
      fallThrough: [.notFound, .serverError],
      fallThroughReason: "an external metric that it does not know is 500"),
    AdapterRecipe(
      name: "Karmada Metrics Adapter", words: ["karmada"],
      fallThrough: [.notFound, .serverError],
      fallThroughReason: "a metric that it does not know is 404; its external metrics are a stub that answers 500"),
    AdapterRecipe(
      name: "Keptn Metrics Operator", words: ["keptn"],
      fallThrough: [.notFound],
      fallThroughReason: "a metric that it does not know is 404"),
    AdapterRecipe(
      name: "Wavefront Adapter", words: ["wavefront"],
      fallThrough: [.notFound, .serverError],
      fallThroughReason: "a custom metric that it does not know is 404, an external one 500"),
    AdapterRecipe(
      name: "prometheus-adapter", words: ["prometheus"],
      fallThrough: [.notFound],
      fallThroughReason: "it answers 404 also where a metric has no series for the object asked for",
      chartAdvice: "its chart makes the APIServices of the groups that it has rules for (rules.default, rules.custom,"
        + " rules.external): remove them in a post-renderer"),
  ]
}
