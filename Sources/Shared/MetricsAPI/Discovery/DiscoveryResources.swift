/// What the discovery documents of all versions of a group have in common, rendered once: the list of its metrics, in
/// the form of each kind of document.
///
/// Never empty, since clients never cache an empty list and ask for it again at every call: where there is no metric,
/// the placeholder of the adapters stands for one.
package struct DiscoveryResources: Sendable {
  /// Above this many entries a document is of no use to anybody, and its size harms everybody who asks for it.
  package static let defaultMaximumCount = 100_000

  package let group: MetricsGroup
  /// How many metrics a full list leaves out because of its bound, for a log line and a gauge; 0 for a compact one.
  package let omittedCount: Int
  /// The array `resources` of an `APIResourceList`.
  let entries: [UInt8]
  /// The array `resources` of an `APIVersionDiscovery`.
  let aggregated: [UInt8]

  /// Lists the metrics of `group`, the first `maximumCount` (at least 0) in order: the same ones at every replica, and still
  /// the same ones when others come or go behind them.
  package init(
    _ group: MetricsGroup, of metrics: MetricsUnion, style: DiscoveryStyle = .full,
    maximumCount: Int = defaultMaximumCount
  ) {
    let metrics = DiscoveredMetrics(group, of: metrics, style: style, maximumCount: max(0, maximumCount))
    self.group = group
    omittedCount = metrics.omittedCount
    entries = Self.entries(group, metrics)
    aggregated = Self.aggregated(group, metrics)
  }

  /// Lists the metrics of `group` in `listing`.
  package init(
    _ group: MetricsGroup, of listing: MetricsListing, style: DiscoveryStyle = .full,
    maximumCount: Int = defaultMaximumCount
  ) {
    self.init(group, of: MetricsUnion(listing), style: style, maximumCount: maximumCount)
  }

  private static func entries(_ group: MetricsGroup, _ metrics: DiscoveredMetrics) -> [UInt8] {
    var json = JSONText()
    json.raw("[")
    var writer = EntryWriter(kind: group.valueListKind)
    for (scope, names) in metrics.scopes {
      for index in 0..<names.count {
        writer.begin(&json)
        switch scope {
        case .custom(let resource, let isNamespaced):
          json.string(resource, slash: names, at: index)
          writer.end(&json, isNamespaced: isNamespaced)
        case .external:
          json.string(names, at: index)
          writer.end(&json, isNamespaced: true)
        }
      }
    }
    if writer.isFirst {
      writer.begin(&json)
      json.string(group.placeholder)
      writer.end(&json, isNamespaced: group == .external)
    }
    json.raw("]")
    return json.bytes
  }

  /// Writes entries as Go writes a `metav1.APIResource`.
  private struct EntryWriter {
    private let namespaced: [UInt8]
    private let clusterScoped: [UInt8]
    private(set) var isFirst = true

    init(kind: String) {
      let end = #","kind":"\#(kind)","verbs":["get"]}"#
      namespaced = Array(#","singularName":"","namespaced":true\#(end)"#.utf8)
      clusterScoped = Array(#","singularName":"","namespaced":false\#(end)"#.utf8)
    }

    mutating func begin(_ json: inout JSONText) {
      json.raw(isFirst ? #"{"name":"# : #",{"name":"#)
      isFirst = false
    }

    func end(_ json: inout JSONText, isNamespaced: Bool) {
      json.raw((isNamespaced ? namespaced : clusterScoped)[...])
    }
  }
}

extension MetricsGroup {
  /// The entry that stands for no metric.
  var placeholder: String {
    switch self {
    case .custom: Placeholder.custom
    case .external: Placeholder.external
    }
  }

  var valueListKind: String { versions[0].valueListKind }
}
