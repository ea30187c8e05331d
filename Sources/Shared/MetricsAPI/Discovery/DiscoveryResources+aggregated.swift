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
      var writer = ParentWriter(kind: kind)
      for resource in metrics.resources {
        for metric in metrics.listing.custom[resource.range] where metric.isNamespaced == resource.isNamespaced {
          writer.append(metric.name, of: metric.resource, isNamespaced: resource.isNamespaced, to: &json)
        }
      }
      if writer.isFirst { writer.append(Placeholder.customMetricName, of: "", isNamespaced: false, to: &json) }
      writer.end(&json)
    case .external:
      let end = Array(#"\#(kind),"scope":"Namespaced","singularResource":"","verbs":["get"]}"#.utf8)
      let names = metrics.listing.external.prefix(metrics.externalCount)
      for (index, name) in (names.isEmpty ? [Placeholder.external] : names).enumerated() {
        json.raw(index == 0 ? #"{"resource":"# : #",{"resource":"#)
        json.string(name)
        json.raw(end[...])
      }
    }
    json.raw("]")
    return json.bytes
  }

  /// Writes an `APIResourceDiscovery` for each run of metrics of one resource, its metrics as subresources.
  private struct ParentWriter {
    private let end: [UInt8]
    private var parent: String?

    init(kind: String) { end = Array(#"\#(kind),"verbs":["get"]}"#.utf8) }

    var isFirst: Bool { parent == nil }

    mutating func append(_ name: String, of resource: String, isNamespaced: Bool, to json: inout JSONText) {
      if let parent, parent.hasSameBytes(as: resource) {
        json.raw(",")
      } else {
        if parent != nil { json.raw("]},") }
        parent = resource
        json.raw(#"{"resource":"#)
        json.string(resource)
        json.raw(#","responseKind":{"group":"","version":"","kind":""},"scope":"#)
        json.raw(isNamespaced ? #""Namespaced""# : #""Cluster""#)
        json.raw(#","singularResource":"","verbs":null,"subresources":["#)
      }
      json.raw(#"{"subresource":"#)
      json.string(name)
      json.raw(end[...])
    }

    func end(_ json: inout JSONText) {
      if parent != nil { json.raw("]}") }
    }
  }
}
