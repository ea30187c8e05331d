import MetricsAPI
import Routing

/// The discovery documents of one table, rendered once: a request costs a reference.
struct DiscoveryDocuments: Sendable {
  /// How many metrics the documents leave out because of their bound; they are routed all the same.
  let omittedCount: Int
  private let groupList: Document
  private let aggregated: [AggregatedDiscoveryVersion: Document]
  private let groups: [MetricsGroup: Document]
  private let resources: [MetricsGroupVersion: Document]

  /// What is served before the first table is there: the groups, with nothing in them. Discovery never fails.
  static let empty = DiscoveryDocuments(MetricsUnion(MetricsListing()), style: .full, maximumCount: 0)

  /// Renders everything: 0.3 s and 95 MiB for 100,000 metrics. `maximumCount` bounds the entries of each group.
  init(
    _ table: RoutingTable, style: DiscoveryStyle = .full,
    maximumCount: Int = DiscoveryResources.defaultMaximumCount
  ) {
    self.init(table.metrics, style: style, maximumCount: maximumCount)
  }

  private init(_ metrics: MetricsUnion, style: DiscoveryStyle, maximumCount: Int) {
    let listed = MetricsGroup.allCases.map {
      DiscoveryResources($0, of: metrics, style: style, maximumCount: maximumCount)
    }
    omittedCount = listed.reduce(0) { $0 + $1.omittedCount }
    groupList = Document(DiscoveryDocument.groupList())
    groups = Dictionary(
      uniqueKeysWithValues: MetricsGroup.allCases.map { ($0, Document(DiscoveryDocument.group($0))) })
    resources = Dictionary(
      uniqueKeysWithValues: listed.flatMap { resources in
        resources.group.versions.map { ($0, Document(DiscoveryDocument.resourceList($0, of: resources))) }
      })
    aggregated = Dictionary(
      uniqueKeysWithValues: AggregatedDiscoveryVersion.allCases.map { version in
        let body = DiscoveryDocument.aggregated(version, of: listed)
        return (version, Document(body, contentType: version.contentType))
      })
  }

  /// The document at `endpoint` for a caller with this first `Accept` field; nil where there is no discovery.
  ///
  /// `isPretty` says that the caller is a person, by its query or agent.
  func choice(_ endpoint: Endpoint, accept: ArraySlice<UInt8>?, isPretty: Bool) -> DocumentChoice? {
    switch endpoint {
    case .groups:
      switch DiscoveryForm.negotiate(accept, offered: groupList.types) {
      case .aggregated(let version)?:
        return aggregated[version].map { .found($0, Document.Form(isPretty: isPretty)) }
      case .groups(let accepted)?: return Self.found(groupList, accepted, isPretty: isPretty)
      case nil: return .notAcceptable(groupList.types)
      }
    case .group(let group): return groups[group].map { Self.choice($0, accept: accept, isPretty: isPretty) }
    case .resources(let version): return resources[version].map { Self.choice($0, accept: accept, isPretty: isPretty) }
    case .metric, .nonResource, .unknown: return nil
    }
  }

  private static func choice(_ document: Document, accept: ArraySlice<UInt8>?, isPretty: Bool) -> DocumentChoice {
    guard let accepted = AcceptedTypes.negotiate(accept, offered: document.types) else {
      return .notAcceptable(document.types)
    }
    return found(document, accepted, isPretty: isPretty)
  }

  private static func found(_ document: Document, _ accepted: AcceptedTypes, isPretty: Bool) -> DocumentChoice {
    .found(document, Document.Form(type: accepted.preferred, isPretty: isPretty || accepted.isPretty))
  }
}
