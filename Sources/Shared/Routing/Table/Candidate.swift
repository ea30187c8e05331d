/// A source that may answer a metric, and why it may.
package struct Candidate: Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    /// The backend lists the metric.
    case listed
    /// The backend listed it a short while ago.
    case retained
    /// A claim matches; its index among those of the source.
    case claimed(Int32)
    /// The request names the source.
    case pinned
  }

  /// Index of the source in its table, for ``RoutingTable/source(at:)``.
  package let source: Int32
  package let reason: Reason

  package init(source: Int32, reason: Reason) {
    self.source = source
    self.reason = reason
  }
}
