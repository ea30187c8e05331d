import MetricsAPI

/// Reads what a snapshot file says. The names of metrics, which are nearly all of it, go from the file's bytes into their
/// listings; of the rest Foundation makes values.
struct SnapshotParser {
  private var json: JSONReader

  static func snapshot(_ bytes: [UInt8]) throws(SnapshotError) -> Snapshot {
    var parser = SnapshotParser(json: JSONReader(bytes))
    let snapshot = try parser.snapshot()
    try parser.json.end()
    return snapshot
  }

  private mutating func snapshot() throws(SnapshotError) -> Snapshot {
    var rest = ObjectText()
    var sources: [RoutedSource]?
    try json.beginObject()
    while let name = try json.nextName() {
      if name.elementsEqual("sources".utf8) {
        sources = try self.sources()
      } else {
        rest.append(name, try json.value())
      }
    }
    guard let sources else { throw .malformed(reason: "it has no \"sources\"") }
    return try JSONReader.decode(SnapshotDocument.self, rest.bytes).snapshot(of: sources)
  }

  private mutating func sources() throws(SnapshotError) -> [RoutedSource] {
    var sources: [RoutedSource] = []
    var names: Set<String> = []
    try json.beginArray()
    while try json.nextElement() {
      let source = try source()
      guard !source.name.isEmpty, names.insert(source.name).inserted else {
        throw .malformed(reason: "a source has no name, or the name of another: \"\(source.name)\"")
      }
      sources.append(source)
    }
    return sources
  }

  private mutating func source() throws(SnapshotError) -> RoutedSource {
    var rest = ObjectText()
    var lists = ListingParser(needed: [.customMetrics, .externalMetrics, .placeholders])
    var retained: [RetainedListing] = []
    try json.beginObject()
    while let name = try json.nextName() {
      if try lists.take(name, from: &json) { continue }
      if name.elementsEqual("retained".utf8) {
        retained = try self.retained()
      } else {
        rest.append(name, try json.value())
      }
    }
    let source = try JSONReader.decode(SnapshotDocument.Source.self, rest.bytes)
    return try source.routed(listing: try lists.listing(), retained: retained)
  }

  private mutating func retained() throws(SnapshotError) -> [RetainedListing] {
    var retained: [RetainedListing] = []
    try json.beginArray()
    while try json.nextElement() {
      var rest = ObjectText()
      var lists = ListingParser(needed: [.customMetrics, .externalMetrics])
      try json.beginObject()
      while let name = try json.nextName() {
        if try !lists.take(name, from: &json) { rest.append(name, try json.value()) }
      }
      let batch = try JSONReader.decode(SnapshotDocument.Retained.self, rest.bytes)
      retained.append(RetainedListing(lastListed: batch.lastListed, listing: try lists.listing()))
    }
    return retained
  }
}

/// The fields of an object that are left to others.
private struct ObjectText {
  private var fields: [UInt8] = []

  mutating func append(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
    fields.append(UInt8(ascii: fields.isEmpty ? "{" : ","))
    fields.append(UInt8(ascii: "\""))
    fields += name
    fields += [UInt8(ascii: "\""), UInt8(ascii: ":")]
    fields += value
  }

  var bytes: [UInt8] { fields.isEmpty ? Array("{}".utf8) : fields + [UInt8(ascii: "}")] }
}
