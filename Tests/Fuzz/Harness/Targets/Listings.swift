@testable import MetricsAPI
@testable import Routing

extension FuzzTarget {
  /// A backend's `APIResourceList`, read for either group, and the walk over JSON that other readers rest on.
  static let listings = FuzzTarget(name: "listings", maximumLength: 4096) { input in
    let bytes = Array(input)
    checkJSON(bytes)
    for group in [MetricsGroup.custom, .external] {
      guard let list = try? APIResourceListing.decode(bytes, group: group) else { continue }
      require(list.groupVersion.group == group, "a list of the group asked for")
      guard let again = try? APIResourceListing.decode(bytes, group: group) else { broken("a list can be read twice") }
      require(again == list, "a list reads the same twice")
      check(list.metrics, of: group)
      checkPublished(list.metrics)
    }
  }

  private static func check(_ metrics: MetricsListing, of group: MetricsGroup) {
    require(metrics.count == metrics.custom.count + metrics.external.count, "each metric is of one group")
    require(group == .custom ? metrics.external.isEmpty : metrics.custom.isEmpty, "metrics of the group asked for")
    for (left, right) in zip(metrics.custom, metrics.custom.dropFirst()) { require(left < right, "sorted, each once") }
    for metric in metrics.custom {
      require(!metric.resource.isEmpty && !metric.name.isEmpty, "a metric of a resource, with a name: \(metric)")
      require(metrics.custom.contains(metric), "a metric that is listed is found: \(metric)")
    }
    for name in metrics.external {
      require(!name.isEmpty && !name.utf8.contains(UInt8(ascii: "/")), "an external metric with a name: \(name)")
      require(metrics.external.contains(name), "a metric that is listed is found: \(name)")
    }
  }

  /// What a source lists is in the table as it was listed.
  private static func checkPublished(_ metrics: MetricsListing) {
    let source = RoutedSource(
      name: "source", priority: 1, serviceNamespace: "ns", serviceName: "svc",
      backend: .init(scheme: .https, host: "svc.ns.svc", port: 443), tls: .init(serverName: "svc.ns.svc"),
      sendsToken: true, timeoutSeconds: 10, customVersions: [.customV1Beta2], externalVersions: [.externalV1Beta1],
      listing: metrics, isStale: false)
    let snapshot = Snapshot(generation: 1, writer: "w", time: "t", sources: [source])
    guard let read = try? Snapshot.decode(snapshot.encode()) else { broken("what is published can be read") }
    require(read == snapshot, "what is published reads as the same")
    require(read.sources[0].listing == metrics, "what is listed is published")
  }

  private static func checkJSON(_ bytes: [UInt8]) {
    guard (try? JSONScanner.validate(bytes[...])) != nil else {
      require((try? PrettyJSON.indent(bytes)) == nil, "what is no JSON is not indented")
      return
    }
    guard let pretty = try? PrettyJSON.indent(bytes) else { broken("JSON can be indented") }
    require((try? PrettyJSON.indent(pretty)) == pretty, "indented JSON stays as it is")
    if let elements = try? JSONScanner.elements(bytes[...]) {
      for element in elements { require((try? JSONScanner.validate(element)) != nil, "an element is a value") }
      require((try? JSONScanner.elements(pretty[...]))?.count == elements.count, "indenting keeps the elements")
    }
    if let fields = try? JSONScanner.fields(bytes[...]) {
      for value in fields.values { require((try? JSONScanner.validate(value)) != nil, "a field has a value") }
      require((try? JSONScanner.fields(pretty[...]))?.count == fields.count, "indenting keeps the fields")
    }
  }
}
