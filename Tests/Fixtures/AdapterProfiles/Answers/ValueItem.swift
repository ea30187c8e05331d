/// An item of a `MetricValueList`.
struct CustomItem {
  var object: AdapterRequest.Object
  /// What of `object.name` is this item's: `*` stands for several.
  var name: String
  var value: String
  /// JSON, `null` for none.
  var selector = "null"
  /// Nil writes it as `helpers.ReferenceFor` does: `/v1`, `apps/v1`.
  var apiVersion: String?

  func json(version: String) -> String {
    let (resource, group) = object.resource.groupResource
    let scope = object.namespace.map { #""namespace":\#($0.quoted),"# } ?? ""
    let described =
      #"{"kind":"\#(Self.kind(resource))",\#(scope)"name":\#(name.quoted),"apiVersion":"\#(apiVersion ?? group + "/v1")"}"#
    let metric =
      version == "v1beta1"
      ? #""metricName":\#(object.metric.quoted)"#
      : #""metric":{"name":\#(object.metric.quoted),"selector":\#(selector)}"#
    let tail = version == "v1beta1" ? #","selector":\#(selector)"# : ""
    return
      #"{"describedObject":\#(described),\#(metric),"timestamp":"\#(MetricStock.timestamp)","value":"\#(value)"\#(tail)}"#
  }

  private static func kind(_ resource: String) -> String {
    if resource == "ingresses" { return "Ingress" }
    if resource == "keptnmetrics" { return "KeptnMetric" }
    return resource.prefix(1).uppercased() + resource.dropFirst().dropLast(resource.hasSuffix("s") ? 1 : 0)
  }
}

/// An item of an `ExternalMetricValueList`.
struct ExternalItem {
  var metric: String
  var value: String
  /// Nil is written as `null`, as by the adapters that never set them.
  var labels: [String: String]?

  var json: String {
    let pairs = labels?.sorted { $0.key < $1.key }.map { "\($0.key.quoted):\($0.value.quoted)" }
    let labels = pairs.map { "{" + $0.joined(separator: ",") + "}" } ?? "null"
    return
      #"{"metricName":\#(metric.quoted),"metricLabels":\#(labels),"timestamp":"\#(MetricStock.timestamp)","value":"\#(value)"}"#
  }
}

extension AdapterAnswer {
  /// Nil items are written as `null`: a slice that Go never made.
  static func values(_ items: [CustomItem]?, version: String) -> AdapterAnswer {
    list("MetricValueList", "\(AdapterRequest.customGroup)/\(version)", items?.map { $0.json(version: version) })
  }

  static func values(_ items: [ExternalItem]?) -> AdapterAnswer {
    list("ExternalMetricValueList", AdapterRequest.externalGroup + "/v1beta1", items?.map(\.json))
  }

  private static func list(_ kind: String, _ groupVersion: String, _ items: [String]?) -> AdapterAnswer {
    let items = items.map { "[" + $0.joined(separator: ",") + "]" } ?? "null"
    return json(#"{"kind":"\#(kind)","apiVersion":"\#(groupVersion)","metadata":{},"items":\#(items)}"#)
  }
}

extension String {
  /// `deployments.apps` → `deployments` and `apps`, as `schema.ParseGroupResource`.
  var groupResource: (resource: String, group: String) {
    guard let dot = firstIndex(of: ".") else { return (self, "") }
    return (String(self[..<dot]), String(self[index(after: dot)...]))
  }
}
