/// The requirement of a selector by which a caller chooses the source itself: `metricsrouter.io/source=<name>`. A
/// HorizontalPodAutoscaler can carry it, since the metric's selector is its author's.
package enum SourcePin {
  package static let key = "metricsrouter.io/source"

  /// The message of the 404 where no source has the name.
  package static func unknownMessage(_ name: String) -> String {
    "metrics source \(name), which the selector names (\(key)), does not exist"
  }

  /// The message of the 404 where the source serves other metrics.
  package static func notServedMessage(_ name: String, _ group: MetricsGroup) -> String {
    "metrics source \(name), which the selector names (\(key)), does not serve \(group.rawValue)"
  }

  /// The source that a requirement names.
  fileprivate static func name(_ requirement: LabelSelector.Requirement) throws(QueryError) -> String {
    switch requirement.operator {
    case .equals, .doubleEquals, .in:
      if requirement.values.count == 1, !requirement.values[0].isEmpty { return requirement.values[0] }
    case .notIn, .notEquals, .exists, .doesNotExist, .greaterThan, .lessThan: break
    }
    throw .pin(requirement: "\(requirement)")
  }
}

extension MetricQuery {
  /// Takes the pin out of the selector of the metric's labels (`labelSelector` of external, `metricLabelSelector` of custom
  /// metrics) and returns the source that it names; nil where there is none. What is sent to a backend, and what that
  /// echoes, then never had it.
  ///
  /// Throws ``QueryError/pin(requirement:)`` where the requirement names no single source.
  package mutating func takePin(for group: MetricsGroup) throws(QueryError) -> String? {
    switch group {
    case .custom: try Self.takePin(from: &metricLabelSelector)
    case .external: try Self.takePin(from: &labelSelector)
    }
  }

  private static func takePin(from selector: inout Selector?) throws(QueryError) -> String? {
    guard let requirements = selector?.selector.requirements,
      requirements.contains(where: { $0.key.hasSameBytes(as: SourcePin.key) })
    else { return nil }
    var pinned: String?
    for requirement in requirements where requirement.key.hasSameBytes(as: SourcePin.key) {
      let name = try SourcePin.name(requirement)
      if let pinned, !pinned.hasSameBytes(as: name) { throw .pin(requirement: "\(requirement)") }
      pinned = name
    }
    let rest = LabelSelector(requirements: requirements.filter { !$0.key.hasSameBytes(as: SourcePin.key) })
    selector = rest.requirements.isEmpty ? nil : Selector(text: rest.description, selector: rest)
    return pinned
  }
}
