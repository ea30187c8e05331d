import Telemetry
import TestSupport
import Testing

@testable import metrics_router_controller

@Suite struct ControllerMetricsPageTests {
  @Test func `the document lists every metric of the controller`() throws {
    let registry = MetricsRegistry()
    _ = ControllerProcess.register(in: registry, .always)
    _ = CertificateMetrics(in: registry)
    _ = BackendTokenMetrics(in: registry, of: nil)
    let rows = registry.descriptions.map { description in
      MetricsPage.Row(
        name: description.name, type: description.kind.rawValue, labels: description.labels, help: description.help)
    }
    #expect(rows.count > 20)
    for row in rows { #expect(row.help.hasSuffix(".") && row.help.count > 10, "\(row.name): \(row.help)") }
    // None that only some flag brings is left out.
    let named = try MetricsPage.names(in: "Controller")
    #expect(named.count > 5)
    #expect(named.subtracting(rows.map(\.name)) == [])
    let difference = try MetricsPage.difference("controller", rows)
    #expect(difference == nil, "\(difference ?? "")")
  }
}
