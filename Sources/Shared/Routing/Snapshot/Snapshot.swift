/// The routing table as the controller hands it to the router: the only contract between the two (see docs/snapshot.md).
package struct Snapshot: Sendable, Equatable {
  /// Grows with each snapshot that a writer publishes.
  package var generation: UInt64
  /// Who wrote it: the controller's name and version.
  package var writer: String
  /// When, in RFC 3339.
  package var time: String
  /// In order of precedence.
  package var sources: [RoutedSource]

  package init(generation: UInt64, writer: String, time: String, sources: [RoutedSource]) {
    self.generation = generation
    self.writer = writer
    self.time = time
    self.sources = sources.sorted(by: RoutingTable.precedes)
  }

  /// Whether both route alike, whoever wrote them and when.
  package func hasSameContent(as other: Snapshot) -> Bool { sources == other.sources }
}
