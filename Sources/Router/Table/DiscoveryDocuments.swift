import MetricsAPI
import Routing

/// The discovery documents of one table, rendered once: a request costs a copy.
struct DiscoveryDocuments: Sendable {
  let groupList: [UInt8]
  private let groups: [MetricsGroup: [UInt8]]
  private let resources: [MetricsGroupVersion: [UInt8]]

  /// What is served before the first table is there: the groups, with nothing in them. Discovery never fails.
  static let empty = DiscoveryDocuments(MetricsListing())

  init(_ table: RoutingTable) {
    self.init(table.listing)
  }

  private init(_ listing: MetricsListing) {
    groupList = DiscoveryDocument.groupList()
    groups = Dictionary(uniqueKeysWithValues: MetricsGroup.allCases.map { ($0, DiscoveryDocument.group($0)) })
    resources = Dictionary(
      uniqueKeysWithValues: MetricsGroupVersion.allCases.map { version in
        (version, DiscoveryDocument.resourceList(version, of: DiscoveryResources(version.group, of: listing)))
      })
  }

  func group(_ group: MetricsGroup) -> [UInt8] { groups[group] ?? [] }
  func resourceList(_ version: MetricsGroupVersion) -> [UInt8] { resources[version] ?? [] }
}
