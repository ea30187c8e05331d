import MetricsAPI

extension RoutingTable {
  /// The table for a terminal: one line for each metric, sorted, with who answers it and who would.
  package func text() -> String {
    var rows = [["TYPE", "METRIC", "SCOPE", "SOURCE", "PRIORITY", "BACKEND", "ALSO LISTED BY"]]
    for key in keys.sorted(by: { Self.sortKey($0) < Self.sortKey($1) }) {
      let candidates = candidates(for: key)
      guard let winner = candidates.first else { continue }
      let others = candidates.dropFirst().map(\.name).joined(separator: ",")
      rows.append(Self.columns(of: key) + [winner.name, "\(winner.priority)", winner.backend.url, others])
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { index, cell in
        index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
      }
      let line = cells.joined(separator: "   ")
      return line.trimmingEnd() + "\n"
    }.joined()
  }

  private static func columns(of key: MetricKey) -> [String] {
    switch key {
    case .custom(let metric):
      ["custom", "\(metric.resource)/\(metric.name)", metric.isNamespaced ? "namespaced" : "cluster"]
    case .external(let name): ["external", name, "namespaced"]
    }
  }

  private static func sortKey(_ key: MetricKey) -> String { columns(of: key).joined(separator: "\u{0}") }
}

extension String {
  fileprivate func trimmingEnd() -> String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
