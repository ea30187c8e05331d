import Kubernetes
import Routing
import Testing

@testable import metrics_router_controller

@Suite struct ClusterStatusReporterTests {
  private static let path = "/apis/metricsrouter.io/v1alpha1/metricssources/a/status"

  private func report(_ api: ScriptedAPI, _ status: MetricsSourceStatus) async throws {
    try await ClusterStatusReporter(client: api, group: "metricsrouter.io")
      .report(status, of: metricsSource("a", plainSpec()))
  }

  private func status() -> MetricsSourceStatus {
    var status = MetricsSourceStatus()
    status.synced = true
    status.metricsCount = 2
    status.listedMetrics = 1
    status.claims = 2
    status.service = "ns/adapter"
    status.port = 443
    return status
  }

  @Test func `a status is merged into the status subresource, and removes what it does not have`() async throws {
    let api = ScriptedAPI(["PATCH \(Self.path)": (200, #"{"metadata":{"name":"a"}}"#)])
    try await report(api, status())
    let request = try #require(api.requests.first)
    #expect(request.contentType == "application/merge-patch+json")
    #expect(
      String(decoding: request.body ?? [], as: UTF8.self)
        == #"{"status":{"claims":2,"conditions":null,"lastSyncTime":null,"listedMetrics":1,"metricsCount":2,"observedGeneration":null,"placeholder":null,"port":443,"service":"ns/adapter","shadow":null,"synced":true}}"#
    )
  }

  @Test func `a source that was deleted meanwhile needs no status`() async throws {
    let api = ScriptedAPI(["PATCH \(Self.path)": (404, #"{"kind":"Status","code":404}"#)])
    try await report(api, status())
    #expect(api.requests.count == 1)
  }

  @Test func `a refusal and an API server that is away are errors that name the source`() async {
    for api in [ScriptedAPI(["PATCH \(Self.path)": (422, #"{"kind":"Status","code":422}"#)]), ScriptedAPI([:])] {
      do {
        try await report(api, status())
        Issue.record("the report was taken for told")
      } catch {
        #expect("\(error)".hasPrefix("status of MetricsSource a: "))
      }
    }
  }
}
