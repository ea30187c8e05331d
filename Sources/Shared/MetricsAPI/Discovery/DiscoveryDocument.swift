/// The documents by which clients find out what an API server serves (`k8s.io/apimachinery/pkg/apis/meta/v1`), as compact
/// JSON with a line end.
package enum DiscoveryDocument {
  /// `/apis`: an APIGroupList.
  package static func groupList() -> [UInt8] {
    let groups = MetricsGroup.allCases.map { groupObject($0, withKind: false) }.joined(separator: ",")
    return line(#"{"kind":"APIGroupList","apiVersion":"v1","groups":[\#(groups)]}"#)
  }

  /// `/apis/G`: an APIGroup.
  package static func group(_ group: MetricsGroup) -> [UInt8] { line(groupObject(group, withKind: true)) }

  private static func groupObject(_ group: MetricsGroup, withKind: Bool) -> String {
    let versions = MetricsGroupVersion.allCases.filter { $0.group == group }.map {
      #"{"groupVersion":"\#($0.rawValue)","version":"\#($0.version)"}"#
    }
    let kind = withKind ? #""kind":"APIGroup","apiVersion":"v1","# : ""
    return
      #"{\#(kind)"name":"\#(group.rawValue)","versions":[\#(versions.joined(separator: ","))],"preferredVersion":\#(versions[0])}"#
  }

  private static func line(_ text: String) -> [UInt8] { Array(text.utf8) + [UInt8(ascii: "\n")] }

  /// `/apis/G/V`: an APIResourceList of the metrics of the version's group, sorted, each once.
  ///
  /// A parent resource is listed in one scope, the namespaced one where it has both: a list that mixes them makes the
  /// aggregator mark the whole group-version stale. An empty list holds the placeholder that adapters use, since clients
  /// do not cache an empty one and would ask again at every call.
  package static func resourceList(
    _ version: MetricsGroupVersion, custom: [CustomMetric], external: [String]
  ) -> [UInt8] {
    var json = Array(
      #"{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"\#(version.rawValue)","resources":["#.utf8)
    let start = json.count
    switch version.group {
    case .custom:
      let namespaced = Set(custom.lazy.filter(\.isNamespaced).map(\.resource))
      for metric in Set(custom).sorted() where metric.isNamespaced || !namespaced.contains(metric.resource) {
        append("\(metric.resource)/\(metric.name)", metric.isNamespaced, "MetricValueList", start, &json)
      }
      if json.count == start { append(Placeholder.custom, false, "MetricValueList", start, &json) }
    case .external:
      for name in Set(external).sorted() { append(name, true, "ExternalMetricValueList", start, &json) }
      if json.count == start { append(Placeholder.external, true, "ExternalMetricValueList", start, &json) }
    }
    json.append(contentsOf: "]}\n".utf8)
    return json
  }

  private static func append(
    _ name: String, _ isNamespaced: Bool, _ kind: String, _ start: Int, _ json: inout [UInt8]
  ) {
    if json.count > start { json.append(UInt8(ascii: ",")) }
    json.append(contentsOf: #"{"name":"#.utf8)
    JSONText.append(name, to: &json)
    // No verb but get: the garbage collector and the namespace controller would otherwise list and delete.
    json.append(
      contentsOf: #","singularName":"","namespaced":\#(isNamespaced),"kind":"\#(kind)","verbs":["get"]}"#.utf8)
  }
}

/// What adapters built on custom-metrics-apiserver list instead of their metrics.
package enum Placeholder {
  package static let external = "externalmetrics"
  /// The resource is empty.
  package static let custom = "/custommetrics"
}
