package import MetricsAPI

/// A routing table as programs read it (`routes -o json`): what ``RoutesTable`` shows people. Each source is described once.
package struct RoutesDocument: Encodable, Sendable, Equatable {
  /// A metric that is routed by its name.
  package struct Route: Encodable, Sendable, Equatable {
    /// As `explain` takes it: `pods/foo`, `queue_length`.
    package var metric: String
    package var type: MetricTypeName
    /// The source that is asked first, where the request has no selector and no claim depends on its namespace.
    package var source: String
    /// Those behind it, in their order.
    package var loses: [String]
  }

  /// Of the table; grows with every change.
  package var generation: UInt64
  /// In the order in which they are asked.
  package var sources: [SourceDocument]
  /// Sorted as ``RoutesTable`` sorts them.
  package var routes: [Route]

  package init(_ table: RoutingTable) {
    generation = table.generation
    sources = table.sources.map(SourceDocument.init)
    routes = table.listing.keys.compactMap { key in
      let names = table.candidates(for: MetricQuestion(key)).map { table.source(at: $0.source).name }
      guard let winner = names.first else { return nil }
      return Route(
        metric: key.argument, type: MetricTypeName(key), source: winner, loses: Array(names.dropFirst()))
    }
  }
}

/// Which kind of metric it is, in a word.
package enum MetricTypeName: String, Encodable, Sendable {
  case customNamespaced = "custom,namespaced"
  case customRootScoped = "custom,root-scoped"
  case external

  package init(_ key: MetricKey) {
    switch key {
    case .custom(let metric): self = metric.isNamespaced ? .customNamespaced : .customRootScoped
    case .external: self = .external
    }
  }
}

extension MetricKey {
  /// How ``MetricArgument`` takes it: `pods/foo`, `queue_length`.
  package var argument: String {
    switch self {
    case .custom(let metric): "\(metric.resource)/\(metric.name)"
    case .external(let name): name
    }
  }
}
