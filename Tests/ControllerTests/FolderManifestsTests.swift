import Kubernetes
import Routing
import Testing

@testable import metrics_router_controller

private func manifest(_ name: String, priority: Int = 100) -> String {
  """
  apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1
  kind: MetricsSource
  metadata:
    name: \(name)
  spec:
    insecureSkipTLSVerify: true
    priority: \(priority)
    metricTypes:
      - CustomMetrics
    service:
      namespace: custom-metrics
      name: prometheus-metrics-apiserver
      port:
        number: 443
  """
}

/// Collects what a folder complains about.
private final class Complaints {
  var all: [String] = []
}

@Suite struct FolderManifestsTests {
  private func update(
    _ manifests: inout FolderManifests, _ files: [String: String], _ complaints: Complaints = Complaints()
  ) -> [MetricsSource] {
    manifests.update(files.mapValues { Array($0.utf8) }) { complaints.all.append($0) }
  }

  @Test func `the manifest of the documentation is read`() throws {
    var manifests = FolderManifests(group: MetricsSource.defaultGroup)
    let sources = update(&manifests, ["prometheus.yaml": manifest("prometheus")])
    let source = try #require(sources.first)
    #expect(source.name == "prometheus")
    #expect(source.spec.priority == 100)
    #expect(source.spec.metricTypes == [.customMetrics])
    #expect(source.spec.service.host == "prometheus-metrics-apiserver.custom-metrics.svc")
    #expect(source.spec.service.port.number == 443)
    #expect(source.spec.insecureSkipTLSVerify == true)
    #expect(source.metadata.generation == 1)
  }

  @Test func `a misspelt field is refused, and what the file said before stays in force`() {
    var manifests = FolderManifests(group: MetricsSource.defaultGroup)
    let complaints = Complaints()
    _ = update(&manifests, ["a.yaml": manifest("a")])
    let claims = "\n  claims:\n  - metrics: [\"*\"]\n  - namespace: [team-a]\n  shadowof: b"
    #expect(update(&manifests, ["a.yaml": manifest("a") + claims], complaints).map(\.name) == ["a"])
    #expect(
      complaints.all == [
        "a.yaml: spec.shadowof: there is no such field; spec.claims[1].namespace: there is no such field;"
          + " what it said before stays in force"
      ])
  }

  @Test func `several documents of a file are several sources`() {
    var manifests = FolderManifests(group: MetricsSource.defaultGroup)
    let sources = update(&manifests, ["all.yaml": manifest("b") + "\n---\n" + manifest("a") + "\n---\n"])
    #expect(sources.map(\.name) == ["a", "b"])
  }

  @Test func `a changed spec is a new generation, an equal one is not`() {
    var manifests = FolderManifests(group: MetricsSource.defaultGroup)
    _ = update(&manifests, ["a.yaml": manifest("a")])
    #expect(update(&manifests, ["a.yaml": manifest("a") + "\n# a comment"]).first?.metadata.generation == 1)
    #expect(update(&manifests, ["a.yaml": manifest("a", priority: 7)]).first?.metadata.generation == 2)
  }

  @Test(arguments: [
    "spec: {", "kind: Pod", "apiVersion: metricsrouter.io/v1alpha1\nkind: MetricsSource",
    "apiVersion: metricsrouter.io.metricsrouter.io/v1alpha1\nkind: MetricsSource\nmetadata: {name: a}\nspec: {}",
  ])
  func `a broken manifest is complained about by name, and its last content stays`(_ broken: String) {
    var manifests = FolderManifests(group: MetricsSource.defaultGroup)
    let before = update(&manifests, ["a.yaml": manifest("a"), "b.yaml": manifest("b")])
    let complaints = Complaints()
    #expect(update(&manifests, ["a.yaml": broken, "b.yaml": manifest("b")], complaints) == before)
    #expect(complaints.all.count == 1)
    #expect(complaints.all.first?.hasPrefix("a.yaml: ") == true)
  }

  @Test func `a deleted file takes its sources with it`() {
    var manifests = FolderManifests(group: MetricsSource.defaultGroup)
    _ = update(&manifests, ["a.yaml": manifest("a"), "b.yaml": manifest("b")])
    #expect(update(&manifests, ["b.yaml": manifest("b")]).map(\.name) == ["b"])
  }

  @Test func `of two files with one name the first counts`() {
    var manifests = FolderManifests(group: MetricsSource.defaultGroup)
    let complaints = Complaints()
    let sources = update(
      &manifests, ["1.yaml": manifest("a", priority: 1), "2.yaml": manifest("a", priority: 2)], complaints)
    #expect(sources.map(\.spec.priority) == [1])
    #expect(complaints.all.count == 1)
  }
}
