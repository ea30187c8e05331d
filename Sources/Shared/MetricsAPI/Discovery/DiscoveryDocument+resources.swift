extension DiscoveryDocument {
  /// The answer to `/apis/G/V`, an `APIResourceList` of the metrics of `version`'s group in `listing`.
  ///
  /// Entries are sorted. A resource appears in one scope alone, because kube-aggregator calls a group-version stale when
  /// one parent has two: where both are listed, the namespaced entries stay and the others are left out (they are
  /// still routed). An empty list carries the placeholder that adapters use, since clients never cache an empty one.
  package static func resourceList(_ version: MetricsGroupVersion, of listing: MetricsListing) -> [UInt8] {
    var json = JSONText()
    json.raw(#"{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"#)
    json.string(version.rawValue)
    json.raw(#","resources":["#)
    var writer = EntryWriter(kind: version.valueListKind)
    switch version.group {
    case .custom:
      let namespaced = Set(listing.custom.lazy.filter(\.isNamespaced).map(\.resource))
      for metric in listing.custom where metric.isNamespaced || !namespaced.contains(metric.resource) {
        writer.append("\(metric.resource)/\(metric.name)", isNamespaced: metric.isNamespaced, to: &json)
      }
      if writer.isFirst { writer.append(Placeholder.custom, isNamespaced: false, to: &json) }
    case .external:
      for name in listing.external { writer.append(name, isNamespaced: true, to: &json) }
      if writer.isFirst { writer.append(Placeholder.external, isNamespaced: true, to: &json) }
    }
    json.raw("]}\n")
    return json.bytes
  }

  private struct EntryWriter {
    let kind: String
    var isFirst = true

    init(kind: String) { self.kind = kind }

    mutating func append(_ name: String, isNamespaced: Bool, to json: inout JSONText) {
      if !isFirst { json.raw(",") }
      isFirst = false
      json.raw(#"{"name":"#)
      json.string(name)
      json.raw(isNamespaced ? #","singularName":"","namespaced":true,"# : #","singularName":"","namespaced":false,"#)
      json.raw(#""kind":""#)
      json.raw(kind)
      json.raw(#"","verbs":["get"]}"#)
    }
  }
}
