/// What metrics of one kind have in common besides their names, so that it is kept once for all of them.
package enum MetricScope: Hashable, Sendable {
  case custom(resource: String, isNamespaced: Bool)
  case external

  package var group: MetricsGroup {
    switch self {
    case .custom: .custom
    case .external: .external
    }
  }

  /// Byte by byte; what is equal has equal hashes, as Swift makes them, all the same.
  package static func == (left: MetricScope, right: MetricScope) -> Bool {
    switch (left, right) {
    case (.external, .external): true
    case (.custom(let left, let isLeft), .custom(let right, let isRight)):
      isLeft == isRight && left.hasSameBytes(as: right)
    default: false
    }
  }

  func isScope(of key: MetricKey) -> Bool {
    switch (self, key) {
    case (.external, .external): true
    case (.custom(let resource, let isNamespaced), .custom(let metric)):
      isNamespaced == metric.isNamespaced && resource.hasSameBytes(as: metric.resource)
    default: false
    }
  }

  /// Below zero where metrics of this scope go first, whatever they are called; zero where their names decide, as they do
  /// among those of one resource.
  func compareResource(_ other: MetricScope) -> Int {
    switch (self, other) {
    case (.external, .external): 0
    case (.external, .custom): 1
    case (.custom, .external): -1
    case (.custom(let left, _), .custom(let right, _)): left.compareBytes(right)
    }
  }

  /// Whether metrics of this scope go before those of `other` that have the same resource and name.
  func isNamespacedBefore(_ other: MetricScope) -> Bool {
    guard case (.custom(_, true), .custom(_, false)) = (self, other) else { return false }
    return true
  }

  func key(_ name: String) -> MetricKey {
    switch self {
    case .external: .external(name)
    case .custom(let resource, let isNamespaced):
      .custom(CustomMetric(resource: resource, isNamespaced: isNamespaced, name: name))
    }
  }
}
