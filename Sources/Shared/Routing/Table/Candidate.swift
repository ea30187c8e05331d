/// A source that may answer a metric, and why it may.
package struct Candidate: Hashable, Sendable {
  package enum Reason: UInt8, Hashable, Sendable {
    /// The backend lists the metric.
    case listed
  }

  /// Index of the source in its table, for ``RoutingTable/source(at:)``.
  package let source: Int32
  package let reason: Reason

  package init(source: Int32, reason: Reason) {
    self.source = source
    self.reason = reason
  }
}
