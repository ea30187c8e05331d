import Foundation
import MetricsAPI
import Testing

@Suite struct AggregatedDiscoveryTests {
  private func document(
    _ version: AggregatedDiscoveryVersion = .v2, of listing: MetricsListing, style: DiscoveryStyle = .full
  ) -> [UInt8] {
    DiscoveryDocument.aggregated(
      version, of: MetricsGroup.allCases.map { DiscoveryResources($0, of: listing, style: style) })
  }

  @Test(arguments: AggregatedDiscoveryVersion.allCases)
  func `Metrics of a resource are subresources of a parent without a kind, external ones have a kind`(
    version: AggregatedDiscoveryVersion
  ) {
    let listing = MetricsListing(
      custom: [
        CustomMetric(resource: "pods", isNamespaced: true, name: "a/b"),
        CustomMetric(resource: "pods", isNamespaced: true, name: "\"é\""),
        CustomMetric(resource: "nodes", isNamespaced: false, name: "x"),
      ], external: ["qlen"])
    let kind = #""responseKind":{"group":"","version":"","kind":"MetricValueList"},"verbs":["get"]"#
    let head = #""responseKind":{"group":"","version":"","kind":""},"scope""#
    let custom =
      #"[{"resource":"nodes",\#(head):"Cluster","singularResource":"","verbs":null,"subresources":[{"subresource":"x",\#(kind)}]},"#
      + #"{"resource":"pods",\#(head):"Namespaced","singularResource":"","verbs":null,"subresources":["#
      + #"{"subresource":"\"é\"",\#(kind)},{"subresource":"a/b",\#(kind)}]}]"#
    #expect(
      String(decoding: document(version, of: listing), as: UTF8.self) == """
        {"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/\(version)","metadata":{},"items":[\
        {"metadata":{"name":"custom.metrics.k8s.io","creationTimestamp":null},"versions":[\
        {"version":"v1beta2","resources":\(custom),"freshness":"Current"},\
        {"version":"v1beta1","resources":\(custom),"freshness":"Current"}]},\
        {"metadata":{"name":"external.metrics.k8s.io","creationTimestamp":null},"versions":[\
        {"version":"v1beta1","resources":[{"resource":"qlen",\
        "responseKind":{"group":"","version":"","kind":"ExternalMetricValueList"},"scope":"Namespaced",\
        "singularResource":"","verbs":["get"]}],"freshness":"Current"}]}]}

        """)
  }

  @Test(arguments: [
    MetricsListing(),
    MetricsListing(custom: [CustomMetric(resource: "pods", isNamespaced: true, name: "foo")]),
    MetricsListing(external: ["a", "b"]),
    MetricsListing(
      custom: ["pods", "nodes", "deployments.apps", "namespaces"].flatMap { resource in
        ["a", "a/b", "b", "Z"].flatMap { name in
          [true, false].map { CustomMetric(resource: resource, isNamespaced: $0 && resource != "nodes", name: name) }
        }
      }, external: ["a|b", "x\\y"]),
    // Equal to Swift, but not to Kubernetes: the two are neighbours, and neither may be listed in two scopes.
    MetricsListing(custom: [
      CustomMetric(resource: "caf\u{E9}", isNamespaced: true, name: "a"),
      CustomMetric(resource: "cafe\u{301}", isNamespaced: false, name: "b"),
      CustomMetric(resource: "caf\u{E9}", isNamespaced: false, name: "c"),
      CustomMetric(resource: "cafe\u{301}", isNamespaced: true, name: "d"),
    ]),
  ])
  func `Clients read the same entries from both forms, each parent in one scope`(listing: MetricsListing) throws {
    for style in DiscoveryStyle.allCases {
      let read = try ReadDiscovery(document(of: listing, style: style))
      for version in MetricsGroupVersion.allCases {
        let resources = DiscoveryResources(version.group, of: listing, style: style)
        let list = try ReadDiscovery.entries(DiscoveryDocument.resourceList(version, of: resources))
        #expect(read.entries[version.rawValue] == list)
        #expect(!list.isEmpty)
        var scopes: [[UInt8]: Bool] = [:]
        for entry in list {
          let parent = Array(entry.name.utf8.prefix { $0 != UInt8(ascii: "/") })
          #expect(scopes.updateValue(entry.isNamespaced, forKey: parent) ?? entry.isNamespaced == entry.isNamespaced)
        }
      }
    }
  }
}

/// What clients make of discovery: of the aggregated form, `SplitGroupsAndResources` of k8s.io/client-go.
private struct ReadDiscovery {
  struct Entry: Equatable {
    var name: String
    var isNamespaced: Bool
    var kind: String
    var verbs: [String]
  }

  /// By group-version.
  var entries: [String: [Entry]] = [:]

  init(_ bytes: [UInt8]) throws {
    for group in try JSONDecoder().decode(Groups.self, from: Data(bytes)).items {
      for version in group.versions {
        let entries = version.resources.flatMap { resource in
          let isNamespaced = resource.scope == "Namespaced"
          let own = Entry(
            name: resource.resource, isNamespaced: isNamespaced, kind: resource.responseKind.kind,
            verbs: resource.verbs ?? [])
          let below = (resource.subresources ?? []).map { subresource in
            Entry(
              name: "\(resource.resource)/\(subresource.subresource)", isNamespaced: isNamespaced,
              kind: subresource.responseKind.kind, verbs: subresource.verbs)
          }
          return (own.kind.isEmpty ? [] : [own]) + below
        }
        self.entries["\(group.metadata.name)/\(version.version)"] = entries
      }
    }
  }

  static func entries(_ list: [UInt8]) throws -> [Entry] {
    try JSONDecoder().decode(List.self, from: Data(list)).resources.map {
      Entry(name: $0.name, isNamespaced: $0.namespaced, kind: $0.kind, verbs: $0.verbs)
    }
  }

  private struct Groups: Decodable { var items: [Group] }
  private struct Metadata: Decodable { var name: String }
  private struct Kind: Decodable { var kind: String }

  private struct Group: Decodable {
    var metadata: Metadata
    var versions: [Version]
  }

  private struct Version: Decodable {
    var version: String
    var resources: [Resource]
  }

  private struct Resource: Decodable {
    var resource: String
    var responseKind: Kind
    var scope: String
    var verbs: [String]?
    var subresources: [Subresource]?
  }

  private struct Subresource: Decodable {
    var subresource: String
    var responseKind: Kind
    var verbs: [String]
  }

  private struct List: Decodable {
    var resources: [ListEntry]
  }

  private struct ListEntry: Decodable {
    var name: String
    var namespaced: Bool
    var kind: String
    var verbs: [String]
  }
}
