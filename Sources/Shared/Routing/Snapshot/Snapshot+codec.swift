import FoundationEssentials

extension Snapshot {
  /// More than this is not taken for a snapshot, in bytes.
  package static let sizeLimit = 256 * 1024 * 1024

  /// The whole file. Equal snapshots give equal bytes.
  package func encode() throws(SnapshotError) -> [UInt8] {
    let document = SnapshotDocument(
      generation: generation, writer: writer, time: time, sources: sources.map { SnapshotDocument.Source($0) })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let json: Data
    do { json = try encoder.encode(document) } catch { throw .malformed("\(error)") }
    // The envelope brings its own opening brace.
    return SnapshotEnvelope.seal(Array(json.dropFirst("{\n".utf8.count)) + [UInt8(ascii: "\n")])
  }

  /// Reads a file, checking every byte of it before any is used.
  package static func decode(_ file: [UInt8]) throws(SnapshotError) -> Snapshot {
    guard file.count <= sizeLimit else { throw .malformed("larger than \(sizeLimit) bytes") }
    try SnapshotEnvelope.check(file)
    let document: SnapshotDocument
    do { document = try JSONDecoder().decode(SnapshotDocument.self, from: Data(file)) } catch {
      throw .malformed("\(error)")
    }
    var sources: [RoutedSource] = []
    for source in document.sources { sources.append(try source.routed()) }
    guard Set(sources.map(\.name)).count == sources.count else { throw .malformed("a source stands in it twice") }
    return Snapshot(generation: document.generation, writer: document.writer, time: document.time, sources: sources)
  }
}
