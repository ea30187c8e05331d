import Foundation
import MetricsAPI
import Routing
import Testing

/// Each folder of Tests/Fixtures/Routing holds `sources.json`, sources with what their backends answer to discovery, and
/// `routes.txt`, the table that must come of them.
@Suite struct RoutingGoldenTests {
  struct Entry: Decodable {
    var name: String
    var spec: MetricsSourceSpec
    var port: Int
    /// Names of files with an APIResourceList.
    var custom: String?
    var external: String?
  }

  @Test(arguments: ["two-adapters", "tie"])
  func `Sources and listings make the expected table`(name: String) throws {
    let folder = fixtures.appending(path: "Routing/\(name)")
    let entries = try JSONDecoder().decode(
      [Entry].self, from: Data(contentsOf: folder.appending(path: "sources.json")))
    let sources = try entries.map { entry in
      #expect(entry.spec.validate().isEmpty)
      let custom = try entry.custom.map { file in
        try APIResourceListing.decode(Array(Data(contentsOf: folder.appending(path: file))), group: .custom)
      }
      let external = try entry.external.map { file in
        try APIResourceListing.decode(Array(Data(contentsOf: folder.appending(path: file))), group: .external)
      }
      return RoutedSource(
        name: entry.name, spec: entry.spec, port: entry.port, customVersions: custom.map { [$0.groupVersion] } ?? [],
        externalVersions: external.map { [$0.groupVersion] } ?? [],
        listing: (custom?.metrics ?? MetricsListing()).union(external?.metrics ?? MetricsListing()))
    }
    let expected = try String(contentsOf: folder.appending(path: "routes.txt"), encoding: .utf8)
    #expect(RoutesTable.text(RoutingTable(sources: sources, generation: 1)) == expected)
    let snapshot = Snapshot(generation: 1, writer: "test", time: "2026-06-24T07:12:19Z", sources: sources)
    #expect(RoutesTable.text(try Snapshot.decode(snapshot.encode()).table) == expected)
  }
}

/// Tests/Fixtures of this checkout.
let fixtures = URL(filePath: #filePath).appending(path: "../../Fixtures").standardized
