extension DiscoveryResources {
  /// The entries as `ConvertGroupVersionIntoToDiscovery` of k8s.io/apiserver (`pkg/endpoints/installer.go`) turns an
  /// `APIResourceList` into aggregated discovery, so that a client reads the same from both.
  ///
  /// What stands before the first `/` is a parent, what follows a subresource of it. A parent that has no entry of its
  /// own has an empty kind, not a missing one, which would bring down client-go 0.26.0 to 0.26.3
  /// (kubernetes/kubernetes#118361), and `null` verbs. The placeholder `/custommetrics` becomes a subresource of the
  /// parent `""`; client-go makes `/custommetrics` of it again and passes the parent over for its empty kind.
  /// External metrics are no subresources and have a kind themselves.
  static func aggregated(_ group: MetricsGroup, _ metrics: DiscoveredMetrics) -> [UInt8] {
    var json = JSONText()
    let kind = #","responseKind":{"group":"","version":"","kind":"\#(group.valueListKind)"}"#
    json.raw("[")
    switch group {
    case .custom:
      let writer = ParentWriter(kind: kind)
      for (index, (scope, names)) in metrics.scopes.enumerated() {
        guard case .custom(let resource, let isNamespaced) = scope else { continue }
        if index > 0 { json.raw(",") }
        writer.write(names, of: resource, isNamespaced: isNamespaced, to: &json)
      }
      if metrics.scopes.isEmpty {
        var names = NameList()
        names.append(Placeholder.customMetricName)
        writer.write(names, of: "", isNamespaced: false, to: &json)
      }
    case .external:
      let end = Array(#"\#(kind),"scope":"Namespaced","singularResource":"","verbs":["get"]}"#.utf8)
      var names = metrics.scopes.first?.names ?? NameList()
      if names.count == 0 { names.append(Placeholder.external) }
      for index in 0..<names.count {
        json.raw(index == 0 ? #"{"resource":"# : #",{"resource":"#)
        json.string(names, at: index)
        json.raw(end[...])
      }
    }
    json.raw("]")
    return json.bytes
  }

  /// Writes an `APIResourceDiscovery`, the metrics of a resource as its subresources.
  private struct ParentWriter {
    private let end: [UInt8]

    init(kind: String) { end = Array(#"\#(kind),"verbs":["get"]}"#.utf8) }

    func write(_ names: NameList, of resource: String, isNamespaced: Bool, to json: inout JSONText) {
      json.raw(#"{"resource":"#)
      json.string(resource)
      json.raw(#","responseKind":{"group":"","version":"","kind":""},"scope":"#)
      json.raw(isNamespaced ? #""Namespaced""# : #""Cluster""#)
      json.raw(#","singularResource":"","verbs":null,"subresources":["#)
      for index in 0..<names.count {
        json.raw(index == 0 ? #"{"subresource":"# : #",{"subresource":"#)
        json.string(names, at: index)
        json.raw(end[...])
      }
      json.raw("]}")
    }
  }
}
