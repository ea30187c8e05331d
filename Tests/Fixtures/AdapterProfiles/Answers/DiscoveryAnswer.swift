/// An entry of an `APIResourceList`.
package struct ListedMetric: Sendable, Equatable {
  /// `pods/foo`, or an external metric's bare name.
  package var name: String
  package var isNamespaced: Bool
}

/// The discovery documents that sigs.k8s.io/custom-metrics-apiserver writes (`pkg/provider/resource_lister.go`).
extension AdapterAnswer {
  static func list(_ entries: [ListedMetric], group: String, version: String) -> AdapterAnswer {
    let kind = group == AdapterRequest.externalGroup ? "ExternalMetricValueList" : "MetricValueList"
    let resources = entries.map { entry in
      #"{"name":\#(entry.name.quoted),"singularName":"","namespaced":\#(entry.isNamespaced),"kind":"\#(kind)","verbs":["get"]}"#
    }
    return json(
      #"{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"\#(group)/\#(version)","resources":[\#(resources.joined(separator: ","))]}"#
    )
  }

  /// Says v1beta1 alone, whatever else is served (`pkg/apiserver/cmapis.go`: only the first version is added).
  static func group(_ name: String) -> AdapterAnswer {
    json(#"{"kind":"APIGroup","apiVersion":"v1",\#(groupFields(name))}"#)
  }

  static func groups(_ names: [String]) -> AdapterAnswer {
    let groups = names.map { "{" + groupFields($0) + "}" }.joined(separator: ",")
    return json(#"{"kind":"APIGroupList","apiVersion":"v1","groups":[\#(groups)]}"#)
  }

  private static func groupFields(_ name: String) -> String {
    let version = #"{"groupVersion":"\#(name)/v1beta1","version":"v1beta1"}"#
    return #""name":"\#(name)","versions":[\#(version)],"preferredVersion":\#(version)"#
  }
}
