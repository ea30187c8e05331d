import MetricsAPI

/// Reads the fields of an object that are a listing.
struct ListingParser {
  enum Field: String, CaseIterable {
    case customMetrics, externalMetrics, placeholders
  }

  private var builder = ListingBuilder()
  private let fields: [Field]
  private var missing: [Field]

  init(needed fields: [Field]) {
    self.fields = fields
    missing = fields
  }

  /// Reads the value of `name`, if it is one of the fields.
  mutating func take(_ name: ArraySlice<UInt8>, from json: inout JSONReader) throws(SnapshotError) -> Bool {
    guard let field = fields.first(where: { name.elementsEqual($0.rawValue.utf8) }) else { return false }
    guard let index = missing.firstIndex(of: field) else {
      throw .malformed(reason: "a source has two \"\(field.rawValue)\"")
    }
    missing.remove(at: index)
    switch field {
    case .customMetrics: try takeCustomMetrics(from: &json)
    case .externalMetrics: try takeNames(in: .external, from: &json)
    case .placeholders:
      var placeholders: [String] = []
      try json.strings { placeholders.append(String(decoding: $0, as: UTF8.self)) }
      builder.placeholders = placeholders
    }
    return true
  }

  func listing() throws(SnapshotError) -> MetricsListing {
    if let field = missing.first { throw .malformed(reason: "a source has no \"\(field.rawValue)\"") }
    return builder.listing()
  }

  /// An object of resources for each scope, with an array of names for each resource.
  private mutating func takeCustomMetrics(from json: inout JSONReader) throws(SnapshotError) {
    var isFound = (namespaced: false, rootScoped: false)
    try json.beginObject()
    while let scope = try json.nextName() {
      if scope.elementsEqual("namespaced".utf8) {
        isFound.namespaced = true
        try takeResources(isNamespaced: true, from: &json)
      } else if scope.elementsEqual("rootScoped".utf8) {
        isFound.rootScoped = true
        try takeResources(isNamespaced: false, from: &json)
      } else {
        _ = try json.value()
      }
    }
    guard isFound == (true, true) else {
      throw .malformed(reason: "\"customMetrics\" has no \"namespaced\" or no \"rootScoped\"")
    }
  }

  private mutating func takeResources(isNamespaced: Bool, from json: inout JSONReader) throws(SnapshotError) {
    try json.beginObject()
    while let name = try json.nextName() {
      let quoted = [UInt8(ascii: "\"")] + name + [UInt8(ascii: "\"")]
      let resource = try JSONReader.decode(String.self, quoted)
      try takeNames(in: .custom(resource: resource, isNamespaced: isNamespaced), from: &json)
    }
  }

  private mutating func takeNames(in scope: MetricScope, from json: inout JSONReader) throws(SnapshotError) {
    var builder = builder
    self.builder = ListingBuilder()
    try json.strings { builder.append($0, in: scope) }
    self.builder = builder
  }
}
