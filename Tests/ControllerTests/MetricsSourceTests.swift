import Foundation
import Kubernetes
import Routing
import Testing

@testable import metrics_router_controller

@Suite struct MetricsSourceTests {
  private func decode(_ json: String) throws -> MetricsSource {
    try JSONDecoder().decode(MetricsSource.self, from: Data(json.utf8))
  }

  private static let service = #""service":{"namespace":"ns","name":"adapter","port":{"number":443}}"#

  @Test func `an object of the API is read with its status`() throws {
    let source = try decode(
      #"{"apiVersion":"metricsrouter.io.metricsrouter.io/v1alpha1","kind":"MetricsSource","metadata":{"name":"a","generation":2,"uid":"u","managedFields":[]},"spec":{"priority":100,"metricTypes":["CustomMetrics"],"insecureSkipTLSVerify":true,\#(Self.service)},"status":{"synced":true,"metricsCount":3}}"#
    )
    #expect(source.spec.priority == 100)
    #expect(source.status?.metricsCount == 3)
    #expect(source.problem == nil)
  }

  @Test(arguments: [
    (#""spec":{"priority":"high","metricTypes":["CustomMetrics"],\#(service)}"#, "spec.priority"),
    (#""spec":{"priority":1,"metricTypes":["OtherMetrics"],\#(service)}"#, "spec.metricTypes"),
    (#""spec":{"priority":1,"metricTypes":["CustomMetrics"]}"#, "spec.service"),
    (#""other":1"#, "spec"),
  ])
  func `a spec that cannot be read is kept as a problem that names the field`(rest: String, field: String) throws {
    let source = try decode(#"{"metadata":{"name":"a"},\#(rest)}"#)
    #expect(source.name == "a")
    #expect(source.problem?.hasPrefix(field) == true)
  }

  @Test func `a status that this version cannot read is as good as none`() throws {
    let source = try decode(
      #"{"metadata":{"name":"a"},"spec":{"priority":1,"metricTypes":["CustomMetrics"],\#(Self.service)},"status":{"synced":"yes"}}"#
    )
    #expect(source.status == nil)
    #expect(source.problem == nil)
  }

  @Test func `all that is wrong with a spec is told at once`() {
    var spec = plainSpec()
    spec.metricTypes = []
    spec.timeoutSeconds = 100
    let problem = metricsSource("a", spec).problem ?? ""
    #expect(problem.contains("spec.metricTypes"))
    #expect(problem.contains("spec.timeoutSeconds"))
  }

  @Test func `status and labels are no declaration, uid and generation are`() {
    let source = metricsSource("a", plainSpec())
    var other = source
    other.metadata.resourceVersion = "9"
    other.metadata.labels = ["a": "b"]
    other.status = MetricsSourceStatus()
    #expect(source.declaresTheSame(as: other))
    other.metadata.generation = 2
    #expect(!source.declaresTheSame(as: other))
    #expect(!source.declaresTheSame(as: metricsSource("a", plainSpec(), uid: "another")))
  }
}
