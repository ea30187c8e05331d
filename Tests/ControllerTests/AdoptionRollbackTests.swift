import Foundation
import MetricsAPI
import Testing
import YAML

@testable import metrics_router_controller

@Suite struct AdoptionRollbackTests {
  private func manifests(_ cluster: AdoptionCluster) throws -> [String?] {
    try MetricsGroupVersion.allCases.map { version in
      try APIServiceState(version, cluster.object(version.apiServicePath)).restorable?.manifest()
    }
  }

  /// Points an APIService elsewhere, as another chart would.
  private func take(_ version: MetricsGroupVersion, _ cluster: AdoptionCluster) {
    let other = RouterAddress(namespace: "other", name: "adapter").apiService(of: version, caBundle: nil)
      .setting("metadata", to: .object([("name", .string(version.apiServiceName)), ("resourceVersion", .string("1"))]))
    cluster.change { $0.objects[version.apiServicePath] = other }
  }

  @Test(arguments: ["helm-and-keda", "one-for-all", "nobody"])
  func `what was before is there again, labels, annotations, owners and all`(name: String) async throws {
    let fixture = try AdoptionFixture(name)
    defer { fixture.end() }
    let before = try manifests(fixture.cluster)
    try await fixture.commands().adopt()
    #expect(try manifests(fixture.cluster) != before)
    try await fixture.commands().rollback()
    #expect(try manifests(fixture.cluster) == before)
    #expect(fixture.lines.all.hasSuffix("rolled back\n"))
  }

  @Test func `each step is told, and a dry run changes nothing`() async throws {
    let fixture = try AdoptionFixture("helm-and-keda")
    defer { fixture.end() }
    try await fixture.commands().adopt()
    let (writes, told) = (fixture.cluster.writes, fixture.lines.all)
    try await fixture.commands {
      $0.applies = false
      $0.deletesSources = true
    }.rollback()
    #expect(
      fixture.lines.all.dropFirst(told.count) == """
        APIService v1beta1.custom.metrics.k8s.io: would be given back to monitoring/prometheus-adapter:443
        APIService v1beta2.custom.metrics.k8s.io: would be deleted, as it did not exist
        APIService v1beta1.external.metrics.k8s.io: would be given back to keda/keda-operator-metrics-apiserver:443
        MetricsSource keda-operator-metrics-apiserver: would be deleted
        MetricsSource prometheus-adapter: would be deleted
        nothing has been changed: --apply does it

        """)
    #expect(fixture.cluster.writes == writes)
  }

  @Test func `one that somebody else has taken is refused, and nothing is changed, unless forced`() async throws {
    let fixture = try AdoptionFixture("helm-and-keda")
    defer { fixture.end() }
    let before = try manifests(fixture.cluster)
    try await fixture.commands().adopt()
    take(.externalV1Beta1, fixture.cluster)
    let writes = fixture.cluster.writes
    let failure = await fixture.failure { () async throws(AdoptionError) in try await fixture.commands().rollback() }
    #expect(
      failure == "APIService v1beta1.external.metrics.k8s.io belongs to other/adapter:443 now, which is neither the "
        + "router nor its former owner; --force takes it nevertheless; nothing was changed")
    #expect(fixture.cluster.writes == writes)
    try await fixture.commands { $0.isForced = true }.rollback()
    #expect(try manifests(fixture.cluster) == before)
  }

  @Test func `one that did not exist, and that somebody else has made meanwhile, is refused too`() async throws {
    let fixture = try AdoptionFixture("nobody")
    defer { fixture.end() }
    try await fixture.commands().adopt()
    take(.customV1Beta2, fixture.cluster)
    let failure = await fixture.failure { () async throws(AdoptionError) in try await fixture.commands().rollback() }
    #expect(failure?.hasPrefix("APIService v1beta2.custom.metrics.k8s.io belongs to other/adapter:443 now") == true)
  }

  @Test func `one that its former owner has put back already stays as it is`() async throws {
    let fixture = try AdoptionFixture("one-for-all")
    defer { fixture.end() }
    let former = fixture.cluster.object(MetricsGroupVersion.customV1Beta1.apiServicePath)
    try await fixture.commands().adopt()
    fixture.cluster.change { $0.objects[MetricsGroupVersion.customV1Beta1.apiServicePath] = former }
    let writes = fixture.cluster.writes
    try await fixture.commands().rollback()
    #expect(
      fixture.cluster.writes.dropFirst(writes.count) == [
        "PUT v1beta2.custom.metrics.k8s.io", "PUT v1beta1.external.metrics.k8s.io",
      ])
    #expect(fixture.lines.all.contains("APIService v1beta1.custom.metrics.k8s.io: is as it was\n"))
  }

  @Test func `a former backend that is gone keeps no other one from being restored`() async throws {
    let fixture = try AdoptionFixture("helm-and-keda")
    defer { fixture.end() }
    let before = try manifests(fixture.cluster)
    try await fixture.commands().adopt()
    fixture.cluster.change { $0.deadServices = ["prometheus-adapter"] }
    let failure = await fixture.failure { () async throws(AdoptionError) in try await fixture.commands().rollback() }
    #expect(
      failure
        == "APIService v1beta1.custom.metrics.k8s.io does not become available: False (FailedDiscoveryCheck): checked;"
        + " APIService v1beta2.custom.metrics.k8s.io is left, since it may be the only one that answers")
    #expect(fixture.lines.all.contains("APIService v1beta1.external.metrics.k8s.io: Available\n"))
    // Run again once the backend is back, it does the rest.
    fixture.cluster.change { $0.deadServices = [] }
    try await fixture.commands().rollback()
    #expect(try manifests(fixture.cluster) == before)
  }

  @Test func `sources stay while an APIService that the file does not speak of still points to the router`()
    async throws
  {
    let fixture = try AdoptionFixture("helm-and-keda")
    defer { fixture.end() }
    let external = MetricsGroupVersion.externalV1Beta1
    let part = RollbackFile([try APIServiceState(external, fixture.cluster.object(external.apiServicePath))])
    try await fixture.commands().adopt()
    try part.text().write(toFile: fixture.rollbackPath, atomically: true, encoding: .utf8)
    let failure = await fixture.failure { () async throws(AdoptionError) in
      try await fixture.commands { $0.deletesSources = true }.rollback()
    }
    #expect(
      failure == "the MetricsSources stay, since APIService v1beta1.custom.metrics.k8s.io still points to the router")
    #expect(!fixture.cluster.writes.contains("DELETE prometheus-adapter"))
  }

  @Test func `one that somebody makes while it waits to be deleted is left to them`() async throws {
    let fixture = try AdoptionFixture("helm-and-keda")
    defer { fixture.end() }
    try await fixture.commands().adopt()
    let (cluster, path) = (fixture.cluster, MetricsGroupVersion.customV1Beta2.apiServicePath)
    let stranger = YAMLValue.object([("namespace", .string("theirs")), ("name", .string("adapter"))])
    let retirements = cluster.writes.count { $0 == "PUT v1beta2.custom.metrics.k8s.io" }
    let taking = Task {
      while cluster.writes.count(where: { $0 == "PUT v1beta2.custom.metrics.k8s.io" }) == retirements {
        await Task.yield()
      }
      cluster.change { state in
        guard let present = state.objects[path], let spec = present["spec"] else { return }
        state.objects[path] = present.setting("spec", to: spec.setting("service", to: stranger))
      }
    }
    let failure = await fixture.failure { () async throws(AdoptionError) in try await fixture.commands().rollback() }
    await taking.value
    #expect(
      failure?.contains("v1beta2.custom.metrics.k8s.io was changed meanwhile, and belongs to theirs/adapter") == true)
    #expect(cluster.owner(.customV1Beta2) == "theirs/adapter")
  }

  @Test func `sources stay, unless they were made by the adoption and are to go`() async throws {
    let fixture = try AdoptionFixture("one-for-all")
    defer { fixture.end() }
    let mine = "\(AdoptionCluster.sources)/mine"
    try await fixture.commands().adopt()
    fixture.cluster.change { state in
      state.objects[mine] = state.objects["\(AdoptionCluster.sources)/adapter"]?
        .setting("metadata", to: .object([("name", .string("mine"))]))
    }
    try await fixture.commands().rollback()
    #expect(fixture.cluster.object("\(AdoptionCluster.sources)/adapter") != nil)
    try await fixture.commands { $0.deletesSources = true }.rollback()
    #expect(fixture.cluster.object("\(AdoptionCluster.sources)/adapter") == nil)
    #expect(fixture.cluster.object(mine) != nil)
  }

  @Test(arguments: [
    ("", "it is not one List"), ("kind: APIService", "it is not one List"),
    (
      "{kind: List, items: [{kind: APIService, metadata: {name: v1.apps}, spec: {}}]}",
      #""v1.apps" is none of the APIServices that an adoption changes"#
    ),
    (
      "{kind: List, items: [{kind: Pod, metadata: {name: v1beta1.custom.metrics.k8s.io}, spec: {}}]}",
      "is no APIService, or stands there twice"
    ),
    (
      "{kind: List, items: [], metadata: {annotations: {metricsrouter.io/absent-before-adoption: 'v1beta1.metrics.k8s.io'}}}",
      #""v1beta1.metrics.k8s.io" is none of the APIServices"#
    ),
    ("{", "line 2, column 1"),
  ])
  func `a file that is no rollback file is refused`(text: String, problem: String) async throws {
    let fixture = try AdoptionFixture("nobody")
    defer { fixture.end() }
    try text.write(toFile: fixture.rollbackPath, atomically: true, encoding: .utf8)
    let failure = await fixture.failure { () async throws(AdoptionError) in try await fixture.commands().rollback() }
    #expect(failure?.hasPrefix("\(fixture.rollbackPath): ") == true)
    #expect(failure?.contains(problem) == true)
    #expect(fixture.cluster.writes.isEmpty)
  }

  @Test func `what the file does not speak of is left alone`() throws {
    let text =
      "{kind: List, metadata: {annotations: {metricsrouter.io/absent-before-adoption: v1beta2.custom.metrics.k8s.io}}, items: []}"
    let file = try RollbackFile(parsing: Array(text.utf8))
    #expect(file.versions == [.customV1Beta2])
  }
}
