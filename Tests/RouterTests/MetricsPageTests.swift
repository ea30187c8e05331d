import Telemetry
import TestSupport
import Testing

@testable import metrics_router_server

@Suite struct RouterMetricsPageTests {
  @Test func `the document lists every metric of the server`() throws {
    let metrics = RouterMetrics(tables: TableHolder(), inFlight: InFlight(limit: 0))
    metrics.describe(
      try ServingCertificates(
        SecureServingOptions(port: 0, bindAddress: "127.0.0.1"), Logger(sink: DroppedLines())))
    let registry = metrics.registry
    AnswerMemory(limit: 0).describe(in: registry)
    _ = BackendTokenMetrics(in: registry, of: nil)
    let rows = registry.descriptions.map { description in
      MetricsPage.Row(
        name: description.name, type: description.kind.rawValue, labels: description.labels, help: description.help)
    }
    #expect(rows.count > 20)
    for row in rows { #expect(row.help.hasSuffix(".") && row.help.count > 10, "\(row.name): \(row.help)") }
    // None that only some flag brings is left out.
    let named = try MetricsPage.names(in: "Router")
    #expect(named.count > 5)
    #expect(named.subtracting(rows.map(\.name)) == [])
    let difference = try MetricsPage.difference("server", rows)
    #expect(difference == nil, "\(difference ?? "")")
  }
}
