/// A YAML document after its tags, anchors and plain scalars were resolved: what JSON can say, and nothing else.
package enum YAMLValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case int(Int64)
  /// Always finite.
  case double(Double)
  case string(String)
  case sequence([YAMLValue])
  case mapping(YAMLMapping)
}

/// Entries in the order of the text; no two have the same key.
package struct YAMLMapping: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    package let key: String
    package let value: YAMLValue
  }

  package private(set) var entries: [Entry] = []
  private var positions: [String: Int] = [:]

  package init() {}

  package subscript(_ key: String) -> YAMLValue? {
    positions[key].map { entries[$0].value }
  }

  /// Returns false, and changes nothing, where the key is already there.
  mutating func insert(_ key: String, _ value: YAMLValue) -> Bool {
    guard positions[key] == nil else { return false }
    positions[key] = entries.count
    entries.append(Entry(key: key, value: value))
    return true
  }

  package static func == (left: YAMLMapping, right: YAMLMapping) -> Bool { left.entries == right.entries }
}

extension YAMLValue {
  /// The value under a key; nil where this is no mapping or has no such key.
  package subscript(_ key: String) -> YAMLValue? {
    guard case .mapping(let mapping) = self else { return nil }
    return mapping[key]
  }
}

extension YAMLMapping {
  /// Of equal keys the first counts.
  package init(_ entries: [(String, YAMLValue)]) {
    self.init()
    for (key, value) in entries { _ = insert(key, value) }
  }
}
