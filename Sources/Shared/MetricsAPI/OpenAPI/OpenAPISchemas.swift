/// The schemas of the values of a group-version, named as k8s.io/metrics names them.
///
/// What these types borrow from other packages, an `ObjectReference` or a `LabelSelector`, is written out: under the
/// name of the package it would have to be byte for byte what the API server of the day says of it, else kube-aggregator
/// keeps two definitions (`pkg/aggregator` of k8s.io/kube-openapi).
struct OpenAPISchemas {
  let version: MetricsGroupVersion
  let dialect: OpenAPIDialect

  /// The name of the list of values.
  var list: String { item + "List" }

  private var item: String {
    switch version {
    case .customV1Beta1: "io.k8s.metrics.pkg.apis.custom_metrics.v1beta1.MetricValue"
    case .customV1Beta2: "io.k8s.metrics.pkg.apis.custom_metrics.v1beta2.MetricValue"
    case .externalV1Beta1: "io.k8s.metrics.pkg.apis.external_metrics.v1beta1.ExternalMetricValue"
    }
  }

  /// The fields `name: schema` of all of them, as JSON.
  var text: String { #""\#(item)":\#(itemSchema),"\#(list)":\#(listSchema)"# }

  private var listSchema: String {
    let kind =
      #""group":"\#(version.group.rawValue)","version":"\#(version.version)","kind":"\#(version.valueListKind)""#
    return Self.object(
      "The values of a metric.", required: ["items"],
      [
        ("apiVersion", Self.string), ("kind", Self.string), ("metadata", #"{"type":"object"}"#),
        ("items", #"{"type":"array","items":\#(dialect.reference(item))}"#),
      ], extensions: #","x-kubernetes-group-version-kind":[{\#(kind)}]"#)
  }

  private var itemSchema: String {
    switch version {
    case .customV1Beta1:
      Self.object(
        "A value of a metric of an object.", required: ["describedObject", "metricName", "value"],
        [
          ("describedObject", Self.describedObject), ("metricName", Self.string), ("timestamp", Self.time),
          ("window", Self.integer), ("value", Self.quantity), ("selector", selector),
        ])
    case .customV1Beta2:
      Self.object(
        "A value of a metric of an object.", required: ["describedObject", "metric", "value"],
        [
          ("describedObject", Self.describedObject), ("metric", metric), ("timestamp", Self.time),
          ("windowSeconds", Self.integer), ("value", Self.quantity),
        ])
    case .externalV1Beta1:
      Self.object(
        "A value of a metric of something outside the cluster.", required: ["metricName", "value"],
        [
          ("metricName", Self.string), ("metricLabels", labels), ("timestamp", Self.time), ("window", Self.integer),
          ("value", Self.quantity),
        ])
    }
  }

  private var metric: String {
    Self.object(
      "The metric and which of its series.", required: ["name"], [("name", Self.string), ("selector", selector)])
  }

  /// Both versions write `null` where there is no selector.
  private var selector: String {
    let expression = Self.object(
      "A requirement.", required: ["key", "operator"],
      [("key", Self.string), ("operator", Self.string), ("values", #"{"type":"array","items":\#(Self.string)}"#)])
    return Self.object(
      "Chooses among the labels of the metric.", required: [],
      [("matchLabels", Self.labels), ("matchExpressions", #"{"type":"array","items":\#(expression)}"#)],
      extensions: dialect.nullable)
  }

  /// Adapters write `null` where there are no labels.
  private var labels: String {
    #"{"type":"object","additionalProperties":\#(Self.string)\#(dialect.nullable)}"#
  }

  private static let string = #"{"type":"string"}"#
  private static let integer = #"{"type":"integer","format":"int64"}"#
  private static let time = #"{"type":"string","format":"date-time"}"#
  private static let quantity = #"{"type":"string","description":"A quantity: 42, 1500m, 3Gi."}"#
  private static let labels = #"{"type":"object","additionalProperties":{"type":"string"}}"#

  private static let describedObject = object(
    "The object that the value is of.", required: [],
    ["apiVersion", "kind", "namespace", "name"].map { ($0, string) })

  private static func object(
    _ description: String, required: [String], _ properties: [(name: String, schema: String)], extensions: String = ""
  ) -> String {
    let properties = properties.map { #""\#($0.name)":\#($0.schema)"# }.joined(separator: ",")
    let names = required.map { #""\#($0)""# }.joined(separator: ",")
    let required = required.isEmpty ? "" : #""required":[\#(names)],"#
    return #"{"description":"\#(description)","type":"object",\#(required)"properties":{\#(properties)}\#(extensions)}"#
  }
}
