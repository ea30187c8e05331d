import FoundationEssentials
import Routing

/// The statuses of many sources as one document, as `kubectl get` would list them. Each is encoded when it changes and
/// not with every document: of a thousand sources mostly one has changed.
struct StatusList {
  private struct Entry: Encodable {
    struct Metadata: Encodable {
      var name: String
    }

    struct Spec: Encodable {
      var priority: Int
    }

    var metadata: Metadata
    var spec: Spec
    var status: MetricsSourceStatus
  }

  /// By name, as they stand in the document.
  private var entries: [String: [UInt8]] = [:]
  /// Until one comes or goes.
  private var sortedNames: [String]?

  /// Throws where the status cannot be written in JSON.
  mutating func put(_ status: MetricsSourceStatus, of source: MetricsSource) throws {
    let name = source.name
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text = try encoder.encode(
      Entry(metadata: Entry.Metadata(name: name), spec: Entry.Spec(priority: source.spec.priority), status: status))
    if entries.updateValue(Self.indented(text), forKey: name) == nil { sortedNames = nil }
  }

  mutating func remove(_ name: String) {
    if entries.removeValue(forKey: name) != nil { sortedNames = nil }
  }

  /// The document, sorted by name.
  mutating func document() -> [UInt8] {
    let names = sortedNames ?? entries.keys.sorted()
    sortedNames = names
    var document: [UInt8] = []
    document.reserveCapacity(entries.values.reduce(64) { $0 + $1.count + 2 })
    document += "{\n  \"items\" : [\n".utf8
    for (index, name) in names.enumerated() {
      document += entries[name] ?? []
      document += (index == names.count - 1 ? "\n" : ",\n").utf8
    }
    document += "  ],\n  \"kind\" : \"MetricsSourceList\"\n}\n".utf8
    return document
  }

  /// As deep as an element of the list stands. A line break in JSON text is never part of a string.
  private static func indented(_ text: Data) -> [UInt8] {
    let indent = [UInt8](repeating: UInt8(ascii: " "), count: 4)
    var lines = indent
    for byte in text {
      lines.append(byte)
      if byte == UInt8(ascii: "\n") { lines += indent }
    }
    return lines
  }
}
