extension DiscoveryDocument {
  /// The answer to `/apis/G/V`, an `APIResourceList`. `resources` are those of the group of `version`.
  package static func resourceList(_ version: MetricsGroupVersion, of resources: DiscoveryResources) -> [UInt8] {
    var json = JSONText()
    json.reserve(resources.entries.count + 128)
    json.raw(#"{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"#)
    json.string(version.rawValue)
    json.raw(#","resources":"#)
    json.raw(resources.entries[...])
    json.raw("}\n")
    return json.bytes
  }

  /// The answer to `/apis` for those who ask for aggregated discovery: an `APIGroupDiscoveryList` of the groups of
  /// `resources`, in their order, with the preferred version of each first (`apidiscovery` of k8s.io/api).
  package static func aggregated(
    _ version: AggregatedDiscoveryVersion, of resources: [DiscoveryResources]
  ) -> [UInt8] {
    var json = JSONText()
    json.reserve(resources.reduce(256) { $0 + $1.group.versions.count * ($1.aggregated.count + 128) })
    json.raw(#"{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/"#)
    json.raw(version.rawValue)
    json.raw(#"","metadata":{},"items":["#)
    for (index, resources) in resources.enumerated() {
      json.raw(index == 0 ? #"{"metadata":{"name":"# : #",{"metadata":{"name":"#)
      json.string(resources.group.rawValue)
      json.raw(#","creationTimestamp":null},"versions":["#)
      for (index, version) in resources.group.versions.enumerated() {
        json.raw(index == 0 ? #"{"version":"# : #",{"version":"#)
        json.string(version.version)
        json.raw(#","resources":"#)
        json.raw(resources.aggregated[...])
        json.raw(#","freshness":"Current"}"#)
      }
      json.raw("]}")
    }
    json.raw("]}\n")
    return json.bytes
  }
}
