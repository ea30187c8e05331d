import Foundation
import Kubernetes
import MetricsAPI
import Routing
import Testing
import YAML

@testable import metrics_router_controller

@Suite struct AdoptionPlanTests {
  static let cases = ["helm-and-keda", "one-for-all", "left-behind", "nobody", "router-already", "source-of-their-own"]

  /// What a dry run prints; problems are at its end too, as its exit tells of them.
  private func dryRun(_ name: String) async throws -> String {
    let fixture = try AdoptionFixture(name)
    defer { fixture.end() }
    let failure = await fixture.failure { () async throws(AdoptionError) in
      try await fixture.commands {
        $0.applies = false
        $0.rollbackFile = AdoptionOptions.defaultRollbackFile
      }.adopt()
    }
    #expect(fixture.cluster.writes.isEmpty)
    return fixture.lines.all + (failure.map { "exit: \($0)\n" } ?? "")
  }

  @Test(arguments: cases) func `a dry run prints what the fixture says`(name: String) async throws {
    let text = try await dryRun(name)
    let expected = AdoptionFixture.folder.appending(path: "\(name)/adopt.txt")
    if ProcessInfo.processInfo.environment["WRITE_FIXTURES"] != nil {
      try text.write(to: expected, atomically: true, encoding: .utf8)
    }
    #expect(text == (try String(contentsOf: expected, encoding: .utf8)))
  }

  @Test(arguments: cases) func `what is printed is YAML with sources that can be used`(name: String) async throws {
    let text = try await dryRun(name).split(separator: "\n").filter { !$0.hasPrefix("exit:") }.joined(separator: "\n")
    let documents = try YAML.documents(Array(text.utf8)).filter { $0 != .null }
    for document in documents where document["kind"]?.text == "MetricsSource" {
      #expect(try document.decode(MetricsSource.self).problem == nil)
    }
    #expect(documents.allSatisfy { ["MetricsSource", "APIService"].contains($0["kind"]?.text) })
  }

  @Test func `the router's APIServices are those of the manifest in deploy`() throws {
    let manifest = AdoptionFixture.folder.appending(path: "../../../deploy/api-service.yaml")
    let documents = try YAML.documents(Array(Data(contentsOf: manifest)))
    let own = MetricsGroupVersion.allCases.map { RouterAddress().apiService(of: $0, caBundle: nil) }
    #expect(try own.map { try $0.manifest() } == documents.map { try $0.manifest() })
  }

  @Test(arguments: AdapterRecipe.known.map(\.name)) func `a recipe makes a source that can be used`(name: String) throws
  {
    let recipe = try #require(AdapterRecipe.known.first { $0.name == name })
    let source = PlannedSource(
      name: "a", priority: 1, metricTypes: MetricsSourceSpec.MetricType.allCases,
      service: ServiceAddress(namespace: "n", name: "s", port: 443), insecureSkipTLSVerify: false, caBundle: nil,
      claims: recipe.claims(of: MetricsSourceSpec.MetricType.allCases), fallThrough: recipe.fallThrough, comments: [])
    let decoded = try source.document(group: "g").decode(MetricsSource.self)
    #expect(decoded.problem == nil)
    #expect(decoded.spec.claims == recipe.claims)
    #expect(decoded.spec.fallThrough == recipe.fallThrough)
    #expect(recipe.fallThrough.isEmpty == (recipe.fallThroughReason == nil))
    #expect(recipe.claims.isEmpty == (recipe.claimsReason == nil))
  }

  @Test(arguments: [
    ("keda-operator-metrics-apiserver", "KEDA"), ("datadog-cluster-agent-metrics-api", "Datadog Cluster Agent"),
    ("custom-metrics-stackdriver-adapter", "Custom Metrics Stackdriver Adapter"),
    ("kube-metrics-adapter", "kube-metrics-adapter"), ("prometheus-metrics-apiserver", "prometheus-adapter"),
    ("azure-k8s-metrics-adapter", "Azure Kubernetes Metrics Adapter"), ("metrics", nil),
  ])
  func `an adapter is known by the name of its Service`(service: String, name: String?) {
    let address = ServiceAddress(namespace: "keda", name: service, port: 443)
    #expect(AdapterRecipe.of(address, [])?.name == name)
  }

  @Test func `an adapter is known by its labels and its release`() {
    let address = ServiceAddress(namespace: "n", name: "metrics", port: 443)
    #expect(AdapterRecipe.of(address, [(["helm.sh/chart": "keda-2.15.1"], nil)])?.name == "KEDA")
    #expect(AdapterRecipe.of(address, [(nil, ["meta.helm.sh/release-name": "my-keda"])])?.name == "KEDA")
    #expect(AdapterRecipe.of(address, [(["team": "keda"], nil)]) == nil)
  }

  @Test(arguments: [
    (#""labels":{"release":"r","heritage":"Tiller","chart":"c-1"}"#, ["Helm release r (chart c-1)"]),
    (#""labels":{"release":"stable"}"#, []),
    (#""labels":{"app.kubernetes.io/managed-by":"Helm","app.kubernetes.io/instance":"i"}"#, ["Helm release i"]),
    (#""annotations":{"argocd.argoproj.io/tracking-id":"app:g/K:ns/n"}"#, ["Argo CD application app"]),
    (
      #""labels":{"helm.toolkit.fluxcd.io/name":"h","helm.toolkit.fluxcd.io/namespace":"flux"}"#,
      ["Flux HelmRelease flux/h"]
    ),
    (
      #""labels":{"olm.owner":"keda.v2","olm.owner.namespace":"keda"}"#,
      ["Operator Lifecycle Manager (ClusterServiceVersion keda/keda.v2)"]
    ),
    (#""ownerReferences":[{"kind":"Adapter","name":"a"}]"#, ["its owner Adapter a"]),
    (#""labels":{"app.kubernetes.io/managed-by":"datadog-operator"}"#, ["datadog-operator"]),
  ])
  func `who manages an APIService is told by its metadata`(metadata: String, managers: [String]) throws {
    let json = #"{"metadata":{"name":"n",\#(metadata)},"spec":{}}"#
    let service = try JSONDecoder().decode(APIService.self, from: Data(json.utf8))
    #expect(ManagingTool.all(of: service.metadata).map(\.description) == managers)
  }
}
