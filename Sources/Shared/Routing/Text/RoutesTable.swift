import MetricsAPI

/// A routing table as text for people, in the manner of `kubectl get`.
package enum RoutesTable {
  /// One line for each routed metric, sorted: which source answers it, and which lose it, each with its priority; then one
  /// for each claim, in the order in which they are looked at. Ends with a newline.
  package static func text(_ table: RoutingTable) -> String {
    let listing = table.listing
    let claiming = table.sources.filter { !$0.claims.isEmpty }
    if listing.isEmpty, claiming.isEmpty { return "No metrics are routed.\n" }
    var rows = [["METRIC", "TYPE", "SOURCE", "PRIORITY", "SYNCED", "BACKEND", "LOSES"]]
    for key in listing.keys {
      let sources = table.candidates(listing: key).map { table.source(at: $0.source) }
      guard let winner = sources.first else { continue }
      let losers = sources.dropFirst().map { "\($0.name)(\($0.priority))" }.joined(separator: ",")
      rows.append([
        name(of: key), type(of: key), winner.name, "\(winner.priority)", "\(!winner.isStale)",
        "\(winner.backend)", losers.isEmpty ? "<none>" : losers,
      ])
    }
    for source in claiming {
      for claim in source.claims {
        rows.append([
          "\(claim)", "claim", source.name, "\(source.priority)", "\(!source.isStale)", "\(source.backend)", "<none>",
        ])
      }
    }
    return TextColumns.align(rows)
  }

  private static func name(of key: MetricKey) -> String {
    switch key {
    case .custom(let metric): "\(metric.resource)/\(metric.name)"
    case .external(let name): name
    }
  }

  private static func type(of key: MetricKey) -> String {
    switch key {
    case .custom(let metric): metric.isNamespaced ? "custom,namespaced" : "custom,root-scoped"
    case .external: "external"
    }
  }
}
