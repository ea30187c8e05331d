/// What a sample adapter serves: fixed values, given on its command line.
struct Catalog: Sendable {
  /// `pods/foo` → `1500m`, as in a discovery document.
  var custom: [String: String] = [:]
  var external: [String: String] = [:]
  /// The objects that `*` stands for.
  var objects: [String] = ["web-0"]

  /// `GET /apis/{group}/{version}` of a metrics adapter.
  func resourceList(group: String, version: String) -> String {
    let isExternal = group == "external.metrics.k8s.io"
    let kind = isExternal ? "ExternalMetricValueList" : "MetricValueList"
    let entries = (isExternal ? external : custom).keys.sorted().map { name in
      let isNamespaced = !name.hasPrefix("namespaces/") && !name.hasPrefix("nodes/")
      return
        #"{"name":"\#(name)","singularName":"","namespaced":\#(isNamespaced),"kind":"\#(kind)","verbs":["get"]}"#
    }
    return
      #"{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"\#(group)/\#(version)","resources":[\#(entries.joined(separator: ","))]}"#
  }

  /// A value of each object that `name` stands for.
  func values(version: String, namespace: String?, resource: String, name: String, metric: String) -> String? {
    guard let value = custom["\(resource)/\(metric)"] else { return nil }
    let items = (name == "*" ? objects : [name]).map { object in
      let scope = namespace.map { #""namespace":"\#($0)","# } ?? ""
      let described =
        #"{"kind":"\#(Self.kind(resource))",\#(scope)"name":"\#(object)","apiVersion":"\#(Self.apiVersion(resource))"}"#
      let time = #""timestamp":"2024-01-02T03:04:05Z""#
      return version == "v1beta1"
        ? #"{"describedObject":\#(described),"metricName":"\#(metric)",\#(time),"value":"\#(value)","selector":null}"#
        : #"{"describedObject":\#(described),"metric":{"name":"\#(metric)","selector":null},\#(time),"value":"\#(value)"}"#
    }
    return
      #"{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/\#(version)","metadata":{},"items":[\#(items.joined(separator: ","))]}"#
  }

  func externalValues(metric: String) -> String? {
    guard let value = external[metric] else { return nil }
    return
      #"{"kind":"ExternalMetricValueList","apiVersion":"external.metrics.k8s.io/v1beta1","metadata":{},"items":[{"metricName":"\#(metric)","metricLabels":{},"timestamp":"2024-01-02T03:04:05Z","value":"\#(value)"}]}"#
  }

  private static func kind(_ resource: String) -> String {
    switch resource {
    case "pods": "Pod"
    case "namespaces": "Namespace"
    case "nodes": "Node"
    case "deployments.apps": "Deployment"
    default: resource
    }
  }

  private static func apiVersion(_ resource: String) -> String {
    resource.split(separator: ".", maxSplits: 1).dropFirst().first.map { "\($0)/v1" } ?? "/v1"
  }
}
