/// The metrics that a backend says it serves: custom ones by resource, name and scope, then external ones by name, each
/// once, in the order of bytes. Copies share what they hold.
package struct MetricsListing: Hashable, Sendable {
  /// Neighbours of one scope.
  struct Run: Hashable, Sendable {
    let scope: MetricScope
    /// The position behind the last one; a run starts where the one before it ends.
    var end: Int
  }

  /// One object, since a routed source is copied at every request.
  final class Storage: Sendable {
    let names: NameList
    let runs: [Run]
    let placeholders: [String]

    init(names: NameList, runs: [Run], placeholders: [String]) {
      self.names = names
      self.runs = runs
      self.placeholders = placeholders
    }
  }

  let storage: Storage

  init(storage: Storage) { self.storage = storage }

  /// Sorts what it is given, and keeps of each name one.
  package init(custom: [CustomMetric] = [], external: [String] = [], placeholders: [String] = []) {
    var builder = ListingBuilder()
    for metric in custom {
      builder.append(metric.name, in: .custom(resource: metric.resource, isNamespaced: metric.isNamespaced))
    }
    for name in external { builder.append(name, in: .external) }
    builder.placeholders = placeholders
    self = builder.listing()
  }

  package var custom: CustomMetrics { CustomMetrics(listing: self) }
  package var external: ExternalMetrics { ExternalMetrics(listing: self) }

  /// Entries that adapters list for want of real ones, as they wrote them. They are no metrics and route nothing.
  package var placeholders: [String] { storage.placeholders }

  /// The number of metrics, without placeholders.
  package var count: Int { storage.names.count }

  package var isEmpty: Bool { count == 0 }

  var customCount: Int { storage.runs.last { $0.scope != .external }?.end ?? 0 }

  /// What either lists, as when one backend answers for several group-versions.
  package func union(_ other: MetricsListing) -> MetricsListing { Self.union([self, other]) }

  /// What any of them lists.
  package static func union(_ listings: [MetricsListing]) -> MetricsListing {
    let filled = listings.filter { !$0.isEmpty || !$0.placeholders.isEmpty }
    if filled.count < 2 { return filled.first ?? MetricsListing() }
    var builder = ListingBuilder()
    for listing in filled {
      for section in listing.sections { builder.append(section) }
      builder.placeholders += listing.placeholders
    }
    return builder.listing()
  }

  /// The metrics of `groups`, without placeholders.
  package func limited(to groups: [MetricsGroup]) -> MetricsListing {
    var builder = ListingBuilder()
    for section in sections where groups.contains(section.scope.group) { builder.append(section) }
    return builder.listing()
  }

  package static func == (left: MetricsListing, right: MetricsListing) -> Bool {
    let (left, right) = (left.storage, right.storage)
    return left === right
      || left.runs == right.runs && left.names == right.names && left.placeholders == right.placeholders
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(storage.runs)
    hasher.combine(storage.names)
  }
}
