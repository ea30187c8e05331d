import FoundationEssentials

/// What one adapter lists for one group-version.
package struct MetricsListing: Sendable, Equatable {
  /// Sorted, each once. Empty for the external group.
  package var custom: [CustomMetric] = []
  /// Sorted, each once. Empty for the custom group.
  package var external: [String] = []
  /// Names that stand for "ask and see": not metrics.
  package var placeholders: [String] = []
  /// Entries that name no metric, left out.
  package var skipped = 0

  package init() {}

  private struct List: Decodable {
    struct Entry: Decodable {
      var name: String?
      var namespaced: Bool?
    }

    var kind: String?
    var groupVersion: String?
    var resources: [Entry]?
  }

  /// Reads the APIResourceList that an adapter answers at `/apis/G/V`.
  ///
  /// - Throws: ``ListingError`` for anything but such a list of that group-version.
  package static func decode(_ json: [UInt8], of version: MetricsGroupVersion) throws(ListingError) -> MetricsListing {
    let list: List
    do {
      list = try JSONDecoder().decode(List.self, from: Data(json))
    } catch {
      throw .notJSON
    }
    guard list.kind == "APIResourceList" else { throw .notAResourceList(kind: list.kind ?? "") }
    guard list.groupVersion == version.rawValue else {
      throw .otherGroupVersion(found: list.groupVersion ?? "", expected: version.rawValue)
    }
    guard let entries = list.resources else { throw .noResources }
    var listing = MetricsListing()
    for entry in entries { listing.add(entry.name ?? "", isNamespaced: entry.namespaced ?? false, version.group) }
    listing.custom = Set(listing.custom).sorted()
    listing.external = Set(listing.external).sorted()
    return listing
  }

  private mutating func add(_ name: String, isNamespaced: Bool, _ group: MetricsGroup) {
    switch group {
    case .external:
      if name == Placeholder.external {
        placeholders.append(name)
      } else if name.isEmpty || name.contains("/") {
        skipped += 1
      } else {
        external.append(name)
      }
    case .custom:
      if name == Placeholder.custom {
        placeholders.append(name)
        return
      }
      guard let slash = name.firstIndex(of: "/"), slash != name.startIndex, name.index(after: slash) != name.endIndex
      else {
        skipped += 1
        return
      }
      let metric = String(name[name.index(after: slash)...])
      custom.append(CustomMetric(resource: String(name[..<slash]), isNamespaced: isNamespaced, name: metric))
    }
  }
}

/// A discovery answer that lists nothing usable.
package enum ListingError: Error, Sendable, Equatable, CustomStringConvertible {
  case notJSON
  case notAResourceList(kind: String)
  case otherGroupVersion(found: String, expected: String)
  case noResources

  package var description: String {
    switch self {
    case .notJSON: "the answer is not the JSON of an APIResourceList"
    case .notAResourceList(let kind): #"the answer is of kind "\#(kind)", not APIResourceList"#
    case .otherGroupVersion(let found, let expected): #"the answer lists "\#(found)", not "\#(expected)""#
    case .noResources: "the answer has no resources, not even an empty list"
    }
  }
}
