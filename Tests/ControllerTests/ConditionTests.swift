import Kubernetes
import MetricsAPI
import Routing
import Testing

@testable import metrics_router_controller

@Suite struct ConditionTests {
  private let failure = SyncFailure(reason: .backendTimeout, message: "no answer in time")

  private func source(
    _ service: String = "adapter", _ types: [MetricsSourceSpec.MetricType] = [.externalMetrics],
    claims: [Claim] = [], shadowOf: String? = nil
  ) -> MetricsSource {
    var spec = plainSpec(service, types)
    spec.claims = claims
    spec.shadowOf = shadowOf
    return metricsSource("a", spec)
  }

  private func listing(_ external: [String], custom: [String] = [], placeholders: [String] = []) -> SourceListing {
    SourceListing(
      customVersions: [.customV1Beta2], externalVersions: [.externalV1Beta1],
      metrics: MetricsListing(
        custom: custom.map { CustomMetric(resource: "pods", isNamespaced: true, name: $0) }, external: external,
        placeholders: placeholders))
  }

  private func succeeded(
    _ source: MetricsSource, _ listing: SourceListing, retained: [String] = [],
    peers: MetricsSourceStatus.Peers = .init(), former: MetricsSourceStatus? = nil
  ) -> MetricsSourceStatus {
    var routed = RoutedSource(name: "a", spec: source.spec, port: 80, listing: listing)
    if !retained.isEmpty {
      routed.retained = [
        RetainedListing(lastListed: "2026-01-01T00:00:00Z", listing: MetricsListing(external: retained))
      ]
    }
    return .after(.success(listing), of: source, routed: routed, peers: peers, former: former, now: "t1")
  }

  private func failed(_ source: MetricsSource, routed: RoutedSource?) -> MetricsSourceStatus {
    .after(.failure(failure), of: source, routed: routed, former: nil, now: "t1")
  }

  /// `status reason`
  private func verdict(_ status: MetricsSourceStatus, _ type: String) -> String? {
    status.condition(type).map { "\($0.status) \($0.reason)" }
  }

  // MARK: Placeholders

  @Test(arguments: [
    (
      "keda-operator-metrics-apiserver",
      #"[{metricType: ExternalMetrics, selectorKeys: ["scaledobject.keda.sh/name"]}] (KEDA lists"#
    ),
    (
      "datadog-cluster-agent-metrics-api",
      "[{metricType: ExternalMetrics}] and spec.fallThrough: [ServerError, Empty] (Datadog lists"
    ),
    (
      "custom-metrics-stackdriver-adapter",
      #"[{metricType: ExternalMetrics, metrics: ["*|*"]}] and spec.fallThrough: [NotFound, ServerError] (the Stack"#
    ),
    ("somebodys-adapter", #"[{metricType: ExternalMetrics, metrics: ["*"]}] (narrow the pattern"#),
  ])
  func `a placeholder alone is told with the claim that fits the adapter`(service: String, claims: String) {
    let status = succeeded(source(service), listing([], placeholders: ["externalmetrics"]))
    #expect(verdict(status, "Routed") == "False PlaceholderOnly")
    #expect(verdict(status, "Ready") == "False PlaceholderOnly")
    #expect(status.condition("Ready")?.message.contains("add spec.claims: \(claims)") == true)
    #expect(status.listedMetrics == 0)
    #expect(status.claims == 0)
  }

  @Test func `the claim that is advised is one that can be used`() throws {
    for service in AdapterRecipe.known.flatMap(\.words) + ["somebodys"] {
      let advice = ClaimAdvice(for: plainSpec(service).service, types: [.customMetrics, .externalMetrics])
      let manifest = """
        apiVersion: g/v1alpha1
        kind: MetricsSource
        metadata: {name: a}
        spec:
          priority: 1
          metricTypes: [CustomMetrics, ExternalMetrics]
          service: {namespace: ns, name: adapter, port: {number: 443}}
          \(advice.claims.dropFirst("spec.".count))
          \(advice.fallThrough?.dropFirst("spec.".count) ?? "auth: None")
        """
      let source = try #require(try FolderManifests.parse(Array(manifest.utf8), group: "g").first)
      #expect(source.problem == nil)
      #expect(!source.spec.claims.isEmpty)
    }
  }

  @Test func `a placeholder beside real metrics of the other type is told too, unless it is claimed`() {
    let types: [MetricsSourceSpec.MetricType] = [.customMetrics, .externalMetrics]
    let mixed = listing([], custom: ["foo"], placeholders: ["externalmetrics"])
    let unclaimed = succeeded(source("stackdriver", types), mixed)
    #expect(verdict(unclaimed, "Ready") == "True Ready")
    #expect(
      unclaimed.condition("Routed")?.message.hasSuffix(
        "of ExternalMetrics the backend lists only a placeholder: add spec.claims: [{metricType: ExternalMetrics,"
          + " metrics: [\"*|*\"]}] and spec.fallThrough: [NotFound, ServerError] (the Stackdriver adapter lists one metric"
          + " of each kind only; its external metrics have | in place of /)") == true)
    let claims = [Claim(metricType: .externalMetrics)]
    let claimed = succeeded(source("stackdriver", types, claims: claims), mixed)
    #expect(claimed.condition("Routed")?.message.contains("placeholder") == false)
    let ofPods = succeeded(source("stackdriver", types, claims: [Claim(resources: [Glob("pods")])]), mixed)
    #expect(ofPods.condition("Routed")?.message.contains("placeholder") == true)
  }

  @Test func `neither list nor claims is told with what can be done`() {
    let status = succeeded(source("azure", [.customMetrics, .externalMetrics]), listing([]))
    #expect(verdict(status, "Ready") == "False NothingListed")
    #expect(
      status.condition("Ready")?.message.contains(
        #"add spec.claims: [{metricType: CustomMetrics, metrics: ["*"]}, {metricType: ExternalMetrics, metrics: ["*"]}]"#
      ) == true)
  }

  // MARK: Claims, retention, readiness

  @Test func `claims alone make a source ready`() {
    let claims = [Claim(metrics: [Glob("s*")]), Claim(metrics: [Glob("t*")])]
    let status = succeeded(source(claims: claims), listing([], placeholders: ["externalmetrics"]))
    #expect(verdict(status, "Routed") == "True Claimed")
    #expect(verdict(status, "Ready") == "True Ready")
    #expect(status.claims == 2)
    #expect(status.placeholder == "externalmetrics")
    #expect(
      status.condition("Routed")?.message == "requests that match one of its 2 claims are routed to this source")
  }

  @Test func `what is retained is counted apart from what is listed`() {
    let status = succeeded(source(), listing(["q"]), retained: ["r", "s"])
    #expect(status.metricsCount == 3)
    #expect(status.listedMetrics == 1)
    #expect(
      status.condition("Routed")?.message
        == "3 metrics are routed to this source (2 of them are no longer listed)")
    #expect(verdict(succeeded(source(), listing([]), retained: ["r"]), "Routed") == "True MetricsRetained")
  }

  @Test func `a failed sync is what stands in the way, though claims stay in force`() {
    let source = source(claims: [Claim(metrics: [Glob("s*")])])
    let routed = SourceRecord(source: source, routed: nil).routed
    let status = failed(source, routed: routed)
    #expect(verdict(status, "Synced") == "False BackendTimeout")
    #expect(verdict(status, "Routed") == "True Claimed")
    #expect(verdict(status, "Ready") == "False BackendTimeout")
    #expect(status.condition("Ready")?.message == "no answer in time; its claim is in force")
    #expect(verdict(failed(self.source(), routed: nil), "Routed") == "False NeverSynced")
  }

  // MARK: Beside other sources

  private let conflict = Conflict(
    priority: 1, count: 1, examples: [.external("q")], others: ["b"], won: 1, winners: [])

  @Test func `a conflict is no obstacle, but readiness points to it`() {
    let status = succeeded(source(), listing(["q"]), peers: .init(isCompared: true, conflict: conflict))
    #expect(verdict(status, "Conflict") == "True EqualPriority")
    #expect(verdict(status, "Ready") == "True Conflict")
    #expect(status.condition("Conflict")?.message == conflict.message)
  }

  @Test func `a conflict that a former run found stands until the sources are compared`() {
    let found = succeeded(source(), listing(["q"]), peers: .init(isCompared: true, conflict: conflict))
    let restarted = succeeded(source(), listing(["q"]), former: found)
    #expect(verdict(restarted, "Conflict") == "True EqualPriority")
    let resolved = succeeded(source(), listing(["q"]), peers: .init(isCompared: true), former: restarted)
    #expect(verdict(resolved, "Conflict") == "False NoConflict")
    #expect(verdict(resolved, "Ready") == "True Ready")
    #expect(verdict(succeeded(source(), listing(["q"]), peers: .init(isCompared: true)), "Conflict") == nil)
  }

  @Test func `a shadow of a source that is not there says so`() {
    let source = source(shadowOf: "prometheus")
    #expect(verdict(succeeded(source, listing(["q"])), "Shadow") == "False SourceNotFound")
    #expect(verdict(succeeded(source, listing(["q"]), peers: .init(hasShadowed: true)), "Shadow") == "True SourceFound")
    #expect(verdict(succeeded(self.source(), listing(["q"])), "Shadow") == nil)
    #expect(verdict(succeeded(source, listing(["q"])), "Ready") == "True Ready")
  }

  @Test func `counts of a comparison are kept as long as it is with the same source`() {
    var former = MetricsSourceStatus()
    former.shadow = .init(of: "prometheus", compared: 3, agreed: 2, differed: 1, failed: 0)
    #expect(
      succeeded(source(shadowOf: "prometheus"), listing(["q"]), former: former).shadow == former.shadow)
    #expect(succeeded(source(shadowOf: "other"), listing(["q"]), former: former).shadow == nil)
    #expect(succeeded(source(), listing(["q"]), former: former).shadow == nil)
  }

  @Test func `a source cannot be compared with itself`() {
    let problem = source(shadowOf: "a").problem
    #expect(problem == "spec.shadowOf: a: name another MetricsSource, with which it is to be compared")
  }

  @Test func `very many problems are told in a message of bounded length`() {
    let source = source(claims: Array(repeating: Claim(metrics: [Glob("a/b")]), count: 64))
    #expect(source.problem?.hasSuffix("; and 44 more") == true)
    #expect((source.problem?.count ?? 0) < 10_000)
  }
}
