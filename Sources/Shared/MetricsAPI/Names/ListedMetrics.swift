/// The custom metrics of a listing, by resource, name and scope. A name becomes a string when it is asked for.
package struct CustomMetrics: RandomAccessCollection, Equatable, Sendable, ExpressibleByArrayLiteral {
  let listing: MetricsListing

  init(listing: MetricsListing) { self.listing = listing }
  package init(arrayLiteral elements: CustomMetric...) { listing = MetricsListing(custom: elements) }

  package var startIndex: Int { 0 }
  package var endIndex: Int { listing.customCount }

  package subscript(position: Int) -> CustomMetric {
    guard case .custom(let metric) = listing.key(at: position) else { preconditionFailure("no custom metric's index") }
    return metric
  }

  package func contains(_ metric: CustomMetric) -> Bool { listing.contains(.custom(metric)) }

  package static func == (left: CustomMetrics, right: CustomMetrics) -> Bool { left.elementsEqual(right) }
}

/// The names of the external metrics of a listing, in the order of bytes.
package struct ExternalMetrics: RandomAccessCollection, Equatable, Sendable, ExpressibleByArrayLiteral {
  let listing: MetricsListing

  init(listing: MetricsListing) { self.listing = listing }
  package init(arrayLiteral elements: String...) { listing = MetricsListing(external: elements) }

  package var startIndex: Int { 0 }
  package var endIndex: Int { listing.count - listing.customCount }

  package subscript(position: Int) -> String { listing.storage.names[listing.customCount + position] }

  package func contains(_ name: String) -> Bool { listing.contains(.external(name)) }

  package static func == (left: ExternalMetrics, right: ExternalMetrics) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { $0.hasSameBytes(as: $1) }
  }
}
