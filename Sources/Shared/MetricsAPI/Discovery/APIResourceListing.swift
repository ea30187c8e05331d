import FoundationEssentials

/// A backend's `APIResourceList`, the answer to `GET /apis/G/V`, read as names of metrics.
package struct APIResourceListing: Hashable, Sendable {
  /// The group-version that the backend says the list is of.
  package let groupVersion: MetricsGroupVersion
  package let metrics: MetricsListing
  /// Entries that name no metric and were left out: an empty name, a custom one without `/`, an external one with `/`.
  package let skippedCount: Int

  /// Reads the JSON of a list of `group`; the caller bounds its size.
  ///
  /// A custom entry is `resource/metric`, cut at its first `/`. Entries of no resource and those named
  /// `custommetrics` or `externalmetrics` are the placeholders of sigs.k8s.io/custom-metrics-apiserver.
  package static func decode(_ bytes: [UInt8], group: MetricsGroup) throws(ListingError) -> APIResourceListing {
    let document: Document
    do {
      document = try JSONDecoder().decode(Document.self, from: Data(bytes))
    } catch {
      throw .malformed(reason: ListingError.reason(error))
    }
    guard document.kind == "APIResourceList" else { throw .wrongKind(found: document.kind) }
    let groupVersion = document.groupVersion ?? ""
    guard let version = MetricsGroupVersion(rawValue: groupVersion), version.group == group else {
      throw .wrongGroupVersion(found: groupVersion, expected: group)
    }
    return APIResourceListing(groupVersion: version, entries: document.resources ?? [])
  }

  private init(groupVersion: MetricsGroupVersion, entries: [Entry]) {
    var builder = ListingBuilder()
    var skipped = 0
    for entry in entries {
      switch Self.read(entry, group: groupVersion.group) {
      case .metric(let name, let scope): builder.append(name, in: scope)
      case .placeholder: builder.placeholders.append(entry.name)
      case .nothing: skipped += 1
      }
    }
    self.groupVersion = groupVersion
    self.metrics = builder.listing()
    self.skippedCount = skipped
  }

  private enum Meaning {
    case metric(String, MetricScope)
    case placeholder
    case nothing
  }

  private static func read(_ entry: Entry, group: MetricsGroup) -> Meaning {
    let name = entry.name.utf8
    let slash = name.firstIndex(of: UInt8(ascii: "/"))
    switch group {
    case .external:
      if entry.name == Placeholder.external { return .placeholder }
      return name.isEmpty || slash != nil ? .nothing : .metric(entry.name, .external)
    case .custom:
      guard let slash else { return .nothing }
      let metric = String(entry.name[name.index(after: slash)...])
      if metric.isEmpty { return .nothing }
      if slash == name.startIndex || metric == Placeholder.customMetricName { return .placeholder }
      let resource = String(entry.name[..<slash])
      return .metric(metric, .custom(resource: resource, isNamespaced: entry.namespaced ?? false))
    }
  }

  private struct Document: Decodable {
    var kind: String
    /// Absent in what is no list, a `Status` for one, whose kind then tells.
    var groupVersion: String?
    var resources: [Entry]?
  }

  private struct Entry: Decodable {
    var name: String
    var namespaced: Bool?
  }
}
