import Foundation
import MetricsAPI
import Testing
import YAML

@testable import metrics_router_controller

@Suite struct AdoptionRunTests {
  private static let router = "metrics-router/metrics-apiserver"
  private static let switches = [
    "PUT v1beta1.custom.metrics.k8s.io", "POST v1beta2.custom.metrics.k8s.io",
    "PUT v1beta2.custom.metrics.k8s.io", "PUT v1beta1.external.metrics.k8s.io",
  ]

  /// The APIServices without what a server sets.
  private func apiServices(_ cluster: AdoptionCluster) throws -> [String?] {
    try MetricsGroupVersion.allCases.map { version in
      try APIServiceState(version, cluster.object(version.apiServicePath)).restorable?.manifest()
    }
  }

  @Test func `sources come first, and are waited for, then one APIService after another`() async throws {
    let fixture = try AdoptionFixture("helm-and-keda")
    defer { fixture.end() }
    try await fixture.commands().adopt()
    #expect(
      fixture.cluster.writes == ["POST prometheus-adapter", "POST keda-operator-metrics-apiserver"] + Self.switches)
    #expect(MetricsGroupVersion.allCases.allSatisfy { fixture.cluster.owner($0) == Self.router })
    let told = fixture.lines.all.split(separator: "\n").suffix(11).map(String.init)
    #expect(
      told
        == [
          "wrote \(fixture.rollbackPath)",
          "MetricsSource prometheus-adapter: created",
          "MetricsSource keda-operator-metrics-apiserver: created",
          "MetricsSource prometheus-adapter: synced, 12 metrics",
          "MetricsSource keda-operator-metrics-apiserver: synced, 12 metrics",
          "APIService v1beta1.custom.metrics.k8s.io: points to metrics-router/metrics-apiserver:443",
          "APIService v1beta1.custom.metrics.k8s.io: Available",
          "APIService v1beta2.custom.metrics.k8s.io: points to metrics-router/metrics-apiserver:443",
          "APIService v1beta2.custom.metrics.k8s.io: Available",
          "APIService v1beta1.external.metrics.k8s.io: points to metrics-router/metrics-apiserver:443",
          "APIService v1beta1.external.metrics.k8s.io: Available",
          "adopted: to undo it, rollback --apply --rollback-file \(fixture.rollbackPath)",
        ].suffix(11))
  }

  @Test func `nothing of the former owner is left on an APIService, so that nobody injects into it`() async throws {
    let fixture = try AdoptionFixture("helm-and-keda")
    defer { fixture.end() }
    try await fixture.commands().adopt()
    let bundle = try AdoptionFixture.caBundle()
    let own = MetricsGroupVersion.allCases.map { RouterAddress().apiService(of: $0, caBundle: bundle) }
    #expect(try apiServices(fixture.cluster) == own.map { try $0.manifest() })
  }

  @Test func `a router that does not answer is put back at once, with those before it`() async throws {
    let fixture = try AdoptionFixture("one-for-all")
    defer { fixture.end() }
    let before = try apiServices(fixture.cluster)
    fixture.cluster.change { $0.deadServices = ["metrics-apiserver"] }
    let failure = await fixture.failure { () async throws(AdoptionError) in try await fixture.commands().adopt() }
    #expect(
      failure == "APIService v1beta1.custom.metrics.k8s.io does not become available: False (FailedDiscoveryCheck): "
        + "checked; the APIServices are as they were")
    #expect(try apiServices(fixture.cluster) == before)
    #expect(fixture.lines.all.hasSuffix("APIService v1beta1.custom.metrics.k8s.io: put back\n"))
  }

  @Test func `a failure at the last one puts all of them back`() async throws {
    let fixture = try AdoptionFixture("helm-and-keda")
    defer { fixture.end() }
    let before = try apiServices(fixture.cluster)
    let external = MetricsGroupVersion.externalV1Beta1.apiServicePath
    let cluster = fixture.cluster
    // The router dies before the last one is switched.
    let dying = Task {
      while !cluster.writes.contains("POST v1beta2.custom.metrics.k8s.io") { await Task.yield() }
      cluster.change { $0.deadServices = ["metrics-apiserver"] }
    }
    let failure = await fixture.failure { () async throws(AdoptionError) in try await fixture.commands().adopt() }
    await dying.value
    #expect(failure?.contains("does not become available") == true)
    #expect(try apiServices(cluster) == before)
    #expect(cluster.object(external)?["spec"]?["service"]?["name"]?.text == "keda-operator-metrics-apiserver")
    // Those with a former owner at once; the one without when autoscalers ask for another version.
    #expect(
      cluster.writes.suffix(4) == [
        "PUT v1beta1.external.metrics.k8s.io", "PUT v1beta1.custom.metrics.k8s.io", "PUT v1beta2.custom.metrics.k8s.io",
        "DELETE v1beta2.custom.metrics.k8s.io",
      ])
  }

  @Test func `a new version is preferred only once it answers, and no longer before it goes`() async throws {
    let fixture = try AdoptionFixture("helm-and-keda")
    defer { fixture.end() }
    let priorities = Task { [cluster = fixture.cluster] in
      var seen: [YAMLValue?] = []
      while !Task.isCancelled {
        let priority = cluster.object(MetricsGroupVersion.customV1Beta2.apiServicePath)?["spec"]?["versionPriority"]
        if seen.isEmpty || seen.last != priority { seen.append(priority) }
        try? await Task.sleep(for: .milliseconds(1))
      }
      return seen
    }
    try await fixture.commands().adopt()
    try await fixture.commands().rollback()
    priorities.cancel()
    #expect(await priorities.value.prefix(4) == [nil, .int(1), .int(200), .int(1)])
    #expect(fixture.cluster.object(MetricsGroupVersion.customV1Beta2.apiServicePath) == nil)
  }

  @Test func `a source that is never synced stops it before any APIService is touched`() async throws {
    let fixture = try AdoptionFixture("helm-and-keda")
    defer { fixture.end() }
    fixture.cluster.change {
      $0.sourceStatus = #"""
        {"synced":false,"observedGeneration":1,"conditions":[{"type":"Synced","status":"False","reason":"BackendUntrusted",
        "message":"the certificate is of another authority","lastTransitionTime":"t"},
        {"type":"Conflict","status":"False","reason":"None","message":"no other","lastTransitionTime":"t"}]}
        """#
    }
    let failure = await fixture.failure { () async throws(AdoptionError) in try await fixture.commands().adopt() }
    #expect(
      failure == "MetricsSource prometheus-adapter is not ready to answer: the certificate is of another authority; "
        + "no APIService was changed")
    #expect(!fixture.cluster.writes.contains { $0.hasSuffix("metrics.k8s.io") })
  }

  @Test func `claims are enough where nothing is listed, and else somebody has to allow it`() async throws {
    let fixture = try AdoptionFixture("helm-and-keda")
    defer { fixture.end() }
    fixture.cluster.change { $0.sourceStatus = #"{"synced":true,"metricsCount":0,"observedGeneration":1}"# }
    #expect(
      await fixture.failure { () async throws(AdoptionError) in try await fixture.commands().adopt() }?
        .hasPrefix("MetricsSource prometheus-adapter is not ready to answer") == true)
    try await fixture.commands { $0.allowsUnrouted = true }.adopt()
    #expect(fixture.lines.all.contains("MetricsSource keda-operator-metrics-apiserver: synced, claims routed\n"))
    #expect(fixture.lines.all.contains("MetricsSource prometheus-adapter: synced, no metrics\n"))
  }

  @Test func `a type whose list is a placeholder has to be claimed, whatever the other one lists`() async throws {
    let fixture = try AdoptionFixture("one-for-all")
    defer { fixture.end() }
    fixture.cluster.change {
      $0.sourceStatus = #"{"synced":true,"metricsCount":5,"placeholder":"externalmetrics","observedGeneration":1}"#
    }
    let failure = await fixture.failure { () async throws(AdoptionError) in try await fixture.commands().adopt() }
    #expect(failure?.contains("of ExternalMetrics it lists only a placeholder and claims none: add a claim") == true)
    #expect(!fixture.cluster.writes.contains { $0.hasSuffix("metrics.k8s.io") })
    try await fixture.commands { $0.allowsUnrouted = true }.adopt()
    #expect(fixture.cluster.owner(.externalV1Beta1) == Self.router)
  }

  @Test func `a write whose answer is lost is put back`() async throws {
    let fixture = try AdoptionFixture("one-for-all")
    defer { fixture.end() }
    let before = try apiServices(fixture.cluster)
    fixture.cluster.change { $0.lostAnswers = ["PUT v1beta1.custom.metrics.k8s.io"] }
    let failure = await fixture.failure { () async throws(AdoptionError) in try await fixture.commands().adopt() }
    #expect(failure?.contains("refused with 504; the APIServices are as they were") == true)
    #expect(try apiServices(fixture.cluster) == before)
  }

  @Test func `an adoption that was interrupted goes on, and can be undone as a whole`() async throws {
    let fixture = try AdoptionFixture("helm-and-keda")
    defer { fixture.end() }
    let (before, external) = (
      try apiServices(fixture.cluster), MetricsGroupVersion.externalV1Beta1.apiServicePath
    )
    let former = fixture.cluster.object(external)
    try await fixture.commands().adopt()
    fixture.cluster.change { $0.objects[external] = former }
    try await fixture.commands().adopt()
    #expect(fixture.lines.all.contains("\(fixture.rollbackPath) says the same already\n"))
    #expect(fixture.cluster.owner(.externalV1Beta1) == Self.router)
    try await fixture.commands().rollback()
    #expect(try apiServices(fixture.cluster) == before)
  }

  @Test func `a source of higher priority is warned of`() async throws {
    let fixture = try AdoptionFixture("one-for-all")
    defer { fixture.end() }
    let other = """
      {apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1, kind: MetricsSource, metadata: {name: other},
       spec: {priority: 200, metricTypes: [ExternalMetrics], service: {namespace: a, name: b, port: {number: 443}}}}
      """
    let document = try YAML.documents(Array(other.utf8)).first
    fixture.cluster.change { $0.objects["\(AdoptionCluster.sources)/other"] = document }
    try await fixture.commands { $0.applies = false }.adopt()
    #expect(fixture.lines.all.contains("MetricsSource other has a higher priority (200) than adapter will have (100)"))
  }

  @Test func `a status of an older spec does not count`() async throws {
    let fixture = try AdoptionFixture("one-for-all")
    defer { fixture.end() }
    fixture.cluster.change { $0.sourceStatus = #"{"synced":true,"metricsCount":3,"observedGeneration":0}"# }
    #expect(
      await fixture.failure { () async throws(AdoptionError) in try await fixture.commands().adopt() }
        == "MetricsSource adapter is not ready to answer: its status says nothing yet; is the controller running?; "
        + "no APIService was changed")
  }

  @Test func `a rollback file of a former adoption is never lost`() async throws {
    let fixture = try AdoptionFixture("one-for-all")
    defer { fixture.end() }
    try "who answered before".write(toFile: fixture.rollbackPath, atomically: true, encoding: .utf8)
    let failure = await fixture.failure { () async throws(AdoptionError) in try await fixture.commands().adopt() }
    #expect(failure?.contains("exists and says something else") == true)
    #expect(fixture.cluster.writes.isEmpty)
    #expect(try String(contentsOfFile: fixture.rollbackPath, encoding: .utf8) == "who answered before")
    try await fixture.commands { $0.mayOverwrite = true }.adopt()
    #expect(try String(contentsOfFile: fixture.rollbackPath, encoding: .utf8).contains("kind: APIService"))
  }

  @Test func `a second adoption finds nothing to do, and leaves the file alone`() async throws {
    let fixture = try AdoptionFixture("one-for-all")
    defer { fixture.end() }
    try await fixture.commands().adopt()
    let (file, writes) = (try Data(contentsOf: URL(filePath: fixture.rollbackPath)), fixture.cluster.writes)
    try await fixture.commands().adopt()
    #expect(fixture.lines.all.hasSuffix("nothing to adopt: all APIServices belong to the router already\n"))
    #expect(fixture.cluster.writes == writes)
    #expect(try Data(contentsOf: URL(filePath: fixture.rollbackPath)) == file)
  }

  @Test func `after a failure it can be tried again with the same file and the sources that are there`() async throws {
    let fixture = try AdoptionFixture("one-for-all")
    defer { fixture.end() }
    fixture.cluster.change { $0.deadServices = ["metrics-apiserver"] }
    _ = await fixture.failure { () async throws(AdoptionError) in try await fixture.commands().adopt() }
    fixture.cluster.change { $0.deadServices = [] }
    try await fixture.commands().adopt()
    #expect(fixture.lines.all.contains("\(fixture.rollbackPath) says the same already\n"))
    #expect(fixture.cluster.writes.count { $0 == "POST adapter" } == 1)
  }

  @Test func `a write that meets another one is tried again`() async throws {
    let fixture = try AdoptionFixture("source-of-their-own")
    defer { fixture.end() }
    let apiServices = APIServiceSwitch(client: fixture.cluster, timing: fixture.commands().options.timing)
    fixture.cluster.change { $0.conflicts = 3 }
    try await apiServices.change(.customV1Beta1, to: RouterAddress().apiService(of: .customV1Beta1, caBundle: nil))
    #expect(fixture.cluster.owner(.customV1Beta1) == Self.router)
    fixture.cluster.change { $0.conflicts = 5 }
    #expect(
      await fixture.failure { () async throws(AdoptionError) in try await apiServices.change(.customV1Beta1, to: nil) }
        == "writing APIService v1beta1.custom.metrics.k8s.io: refused with 409")
  }

  @Test func `one that somebody else has taken meanwhile is left to them`() async throws {
    let fixture = try AdoptionFixture("one-for-all")
    defer { fixture.end() }
    let apiServices = APIServiceSwitch(client: fixture.cluster, timing: fixture.commands().options.timing)
    #expect(
      await fixture.failure { () async throws(AdoptionError) in
        try await apiServices.change(.customV1Beta1, to: nil) { $0.owner == .nobody }
      }
        == "APIService v1beta1.custom.metrics.k8s.io was changed meanwhile, and belongs to custom-metrics/adapter:6443 now"
    )
    #expect(fixture.cluster.writes.isEmpty)
  }

  @Test(arguments: [
    (
      "/api/v1/namespaces/metrics-router/services/metrics-apiserver",
      "there is no Service metrics-router/metrics-apiserver"
    ),
    (
      "/apis/apps/v1/namespaces/metrics-router/deployments/metrics-router-controller-manager",
      "no Deployment is behind Service metrics-router/metrics-apiserver"
    ),
  ])
  func `without a router nothing is done, and the manifest named`(missing: String, problem: String) async throws {
    let fixture = try AdoptionFixture("one-for-all")
    defer { fixture.end() }
    fixture.cluster.change { $0.objects[missing] = nil }
    let failure = await fixture.failure { () async throws(AdoptionError) in try await fixture.commands().adopt() }
    #expect(failure?.hasPrefix("\(problem): apply deploy/all-in-one.yaml first") == true)
    #expect(fixture.cluster.writes.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: fixture.rollbackPath))
  }

  @Test func `a cluster that does not know the resource is told of in a dry run, and refused`() async throws {
    let fixture = try AdoptionFixture("one-for-all")
    defer { fixture.end() }
    fixture.cluster.change { $0.knowsSources = false }
    try await fixture.commands { $0.applies = false }.adopt()
    #expect(fixture.lines.all.contains("does not know MetricsSources of metricsrouter.io.metricsrouter.io: apply"))
    let failure = await fixture.failure { () async throws(AdoptionError) in try await fixture.commands().adopt() }
    #expect(failure?.contains("apply deploy/all-in-one.yaml first; nothing was changed") == true)
  }

  @Test func `a dry run writes the rollback file only where one is named`() async throws {
    let fixture = try AdoptionFixture("one-for-all")
    defer { fixture.end() }
    try await fixture.commands { $0.applies = false }.adopt()
    #expect(!FileManager.default.fileExists(atPath: fixture.rollbackPath))
    try await fixture.commands {
      $0.applies = false
      $0.isRollbackFileDefault = false
    }.adopt()
    #expect(FileManager.default.fileExists(atPath: fixture.rollbackPath))
    #expect(fixture.cluster.writes.isEmpty)
  }
}
