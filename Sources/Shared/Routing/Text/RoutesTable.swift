import MetricsAPI

/// A routing table as text for people, in the manner of `kubectl get`.
package enum RoutesTable {
  /// One line for each routed metric, sorted: which source answers it where the request has no selector and no claim depends
  /// on its namespace, and which lose it, each with its priority; then one
  /// for each claim, in the order in which they are looked at. Wide, there are columns of what requests to that source depend
  /// on. Ends with a newline.
  package static func text(_ table: RoutingTable, isWide: Bool = false) -> String {
    let listing = table.listing
    let claiming = table.sources.filter { !$0.claims.isEmpty }
    if listing.isEmpty, claiming.isEmpty { return "No metrics are routed.\n" }
    var rows = [["METRIC", "TYPE", "SOURCE", "PRIORITY", "SYNCED", "BACKEND", "LOSES"]]
    if isWide { rows[0] += ["SERVICE", "TIMEOUT", "TOKEN", "FALLTHROUGH", "SHADOWED"] }
    let shadows = Dictionary(grouping: table.sources.filter { $0.shadowOf != nil }) { $0.shadowOf ?? "" }
    func details(_ source: RoutedSource) -> [String] {
      guard isWide else { return [] }
      return [
        "\(source.serviceNamespace)/\(source.serviceName)", "\(source.timeoutSeconds)s", "\(source.isShownToken)",
        list(source.fallThrough.outcomes.map(\.rawValue)), list((shadows[source.name] ?? []).map(\.name)),
      ]
    }
    for key in listing.keys {
      let sources = table.candidates(for: MetricQuestion(key)).map { table.source(at: $0.source) }
      guard let winner = sources.first else { continue }
      rows.append(
        [
          key.argument, MetricTypeName(key).rawValue, winner.name, "\(winner.priority)", "\(!winner.isStale)",
          "\(winner.backend)", list(sources.dropFirst().map { "\($0.name)(\($0.priority))" }),
        ] + details(winner))
    }
    for source in claiming {
      for claim in source.claims {
        rows.append(
          [
            "\(claim)", "claim", source.name, "\(source.priority)", "\(!source.isStale)", "\(source.backend)",
            list([]),
          ] + details(source))
      }
    }
    return TextColumns.align(rows)
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "<none>" : names.joined(separator: ",")
  }
}
