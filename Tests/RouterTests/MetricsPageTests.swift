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
    let rows = registry.descriptions.map { description in
      MetricsPage.Row(
        name: description.name, type: description.kind.rawValue, labels: description.labels, help: description.help)
    }
    #expect(rows.count > 20)
    for row in rows { #expect(row.help.hasSuffix(".") && row.help.count > 10, "\(row.name): \(row.help)") }
    let difference = try MetricsPage.difference("server", rows)
    #expect(difference == nil, "\(difference ?? "")")
  }
}
