/// The discovery documents of the metrics APIs: compact JSON and a newline.
package enum DiscoveryDocument {
  /// The answer to `/apis`, an `APIGroupList` of both groups.
  package static func groupList() -> [UInt8] {
    var json = JSONText()
    json.raw(#"{"kind":"APIGroupList","apiVersion":"v1","groups":["#)
    for (index, group) in MetricsGroup.allCases.enumerated() {
      if index > 0 { json.raw(",") }
      json.raw("{")
      append(group, to: &json)
    }
    json.raw("]}\n")
    return json.bytes
  }

  /// The answer to `/apis/G`, an `APIGroup`.
  package static func group(_ group: MetricsGroup) -> [UInt8] {
    var json = JSONText()
    json.raw(#"{"kind":"APIGroup","apiVersion":"v1","#)
    append(group, to: &json)
    json.raw("\n")
    return json.bytes
  }

  private static func append(_ group: MetricsGroup, to json: inout JSONText) {
    json.raw(#""name":"#)
    json.string(group.rawValue)
    json.raw(#","versions":["#)
    for (index, version) in group.versions.enumerated() {
      if index > 0 { json.raw(",") }
      append(version, to: &json)
    }
    json.raw(#"],"preferredVersion":"#)
    append(group.versions[0], to: &json)
    json.raw("}")
  }

  private static func append(_ version: MetricsGroupVersion, to json: inout JSONText) {
    json.raw(#"{"groupVersion":"#)
    json.string(version.rawValue)
    json.raw(#","version":"#)
    json.string(version.version)
    json.raw("}")
  }
}
