package import MetricsAPI

/// Metrics that a source no longer lists, but did a short while ago: idle series vanish from some adapters' lists while
/// they are still answered. They stay routed for `--metric-retention`.
package struct RetainedListing: Sendable, Equatable {
  /// When they were last listed, in RFC 3339.
  package var lastListed: String
  /// Without placeholders.
  package var listing: MetricsListing

  package init(lastListed: String, listing: MetricsListing) {
    self.lastListed = lastListed
    self.listing = listing
  }
}
