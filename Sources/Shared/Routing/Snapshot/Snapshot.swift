/// The routing table as the controller hands it to the router: the content of `routing-table.json`.
///
/// `docs/snapshot.md` describes the file.
package struct Snapshot: Sendable, Equatable {
  /// Grows with every change of content that one controller writes.
  package var generation: UInt64
  /// Who wrote it: program and version, perhaps the pod.
  package var writer: String
  /// When, in RFC 3339.
  package var time: String
  /// Sorted by name.
  package var sources: [RoutedSource]

  package init(generation: UInt64, writer: String, time: String, sources: [RoutedSource]) {
    self.generation = generation
    self.writer = writer
    self.time = time
    self.sources = sources.sorted { $0.name < $1.name }
  }

  /// Whether both route alike, whoever wrote them and when.
  package func hasSameContent(as other: Snapshot) -> Bool { sources == other.sources }

  /// The table to route by.
  package var table: RoutingTable { RoutingTable(sources: sources, generation: generation) }
}
