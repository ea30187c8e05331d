import Compression
import MetricsAPI
import Routing

/// The discovery documents of a table, as the server keeps them: as they are, and in gzip.
struct RenderedDocuments {
  private(set) var plainBytes = 0
  private(set) var gzippedBytes = 0
  private var documents: [(body: [UInt8], gzipped: [UInt8])] = []

  init(_ table: RoutingTable) throws {
    let resources = MetricsGroup.allCases.map { DiscoveryResources($0, of: table.metrics) }
    for resources in resources {
      for version in resources.group.versions { try add(DiscoveryDocument.resourceList(version, of: resources)) }
    }
    for version in AggregatedDiscoveryVersion.allCases {
      try add(DiscoveryDocument.aggregated(version, of: resources))
    }
  }

  private mutating func add(_ body: [UInt8]) throws {
    // The digest is the document's entity tag.
    _ = SHA256Digest.hexadecimal(body[...])
    let gzipped = try Gzip.compress(body)
    plainBytes += body.count
    gzippedBytes += gzipped.count
    documents.append((body, gzipped))
  }
}
