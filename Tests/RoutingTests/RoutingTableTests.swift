import MetricsAPI
import Routing
import Testing

@Suite struct RoutingTableTests {
  private func names(_ table: RoutingTable, _ key: MetricKey) -> [String] {
    table.candidates(listing: key).map { table.source(at: $0.source).name }
  }

  @Test func `The highest priority wins, and equal ones are ordered by name, whatever the order given`() {
    let all = [
      source("b", priority: 5, custom: [pods("foo")]), source("a", priority: 5, custom: [pods("foo")]),
      source("z", priority: 9, custom: [pods("foo")]), source("n", priority: -1, custom: [pods("foo")]),
    ]
    for sources in [all, all.reversed(), [all[2], all[0], all[3], all[1]]] {
      let table = RoutingTable(sources: sources, generation: 1)
      #expect(names(table, .custom(pods("foo"))) == ["z", "a", "b", "n"])
    }
  }

  @Test func `Scope, resource, case and type of a metric tell metrics apart`() {
    let table = RoutingTable(
      sources: [source("a", custom: [pods("foo")]), source("b", external: ["foo"])], generation: 7)
    #expect(names(table, .custom(pods("foo"))) == ["a"])
    #expect(names(table, .external("foo")) == ["b"])
    #expect(names(table, .custom(pods("Foo"))).isEmpty)
    #expect(names(table, .custom(CustomMetric(resource: "pods", isNamespaced: false, name: "foo"))).isEmpty)
    #expect(names(table, .custom(CustomMetric(resource: "services", isNamespaced: true, name: "foo"))).isEmpty)
    #expect(table.generation == 7)
    #expect(table.metricCount == 2)
  }

  @Test func `A stale source goes on being routed, a placeholder never is`() {
    let table = RoutingTable(
      sources: [source("a", external: ["q"], isStale: true), source("b", placeholders: ["externalmetrics"])],
      generation: 1)
    #expect(names(table, .external("q")) == ["a"])
    #expect(names(table, .external("externalmetrics")).isEmpty)
  }

  @Test func `Discovery lists what any source lists, once`() {
    let table = RoutingTable(
      sources: [
        source("a", custom: [pods("y"), pods("x")], external: ["q"]),
        source("b", custom: [pods("x")], external: ["p"], placeholders: ["externalmetrics"]),
      ], generation: 1)
    #expect(table.listing == MetricsListing(custom: [pods("x"), pods("y")], external: ["p", "q"]))
  }

  @Test func `An explanation names the winner, the losers and those that do not list the metric`() {
    let table = RoutingTable(
      sources: [
        source("low", priority: 1, custom: [pods("foo")]), source("b", custom: [pods("foo")]),
        source("a", custom: [pods("foo")]), source("other", priority: 0),
        source("scope", priority: -1, custom: [CustomMetric(resource: "pods", isNamespaced: false, name: "foo")]),
        source("empty", priority: -2, placeholders: ["/custommetrics"]),
      ], generation: 1)
    let explanation = table.explain(MetricQuestion(.custom(pods("foo"))))
    #expect(explanation.candidates.map(\.source.name) == ["a", "b", "low"])
    #expect(explanation.reachableCount == 1)
    #expect(explanation.bystanders.map(\.source.name) == ["other", "scope", "empty"])
    #expect(explanation.bystanders.map(\.reason) == [.notListed, .otherScope, .placeholderOnly])
    #expect(
      explanation.text == """
        custom metric pods/foo(namespaced)
          answered by a (priority 10) at https://a.monitoring.svc:443
          not asked: b (priority 10): lists it with the same priority, but its name sorts later
          not asked: low (priority 1): lists it, but its priority is lower
          not asked: other (priority 0): does not list it
          not asked: scope (priority -1): lists it in the other scope only: \
        give -n for a namespaced metric, leave it out otherwise
          not asked: empty (priority -2): lists nothing but a placeholder

        """)
  }

  @Test func `An unknown metric is explained by its 404`() {
    let explanation = RoutingTable(sources: [], generation: 1).explain(MetricQuestion(.external("q\n")))
    #expect(explanation.winner == nil)
    #expect(
      explanation.text == """
        external metric q?
          answered by no source: 404 external metric q? is not provided by any metrics backend

        """)
  }

  @Test func `An explanation follows the chain, and says why each source is in it or not`() throws {
    var keda = source("keda", priority: 50, placeholders: ["externalmetrics"])
    keda.claims = [Claim(metrics: [Glob("s*-*")]), Claim(selectorKeys: [SelectorKey("app")])]
    keda.fallThrough = FallThroughSet([.serverError, .unavailable])
    var idle = source("idle", priority: 20)
    idle.retained = [
      RetainedListing(lastListed: "2026-06-24T07:02:19Z", listing: MetricsListing(external: ["s0-cron"]))
    ]
    var custom = source("custom", priority: 5)
    custom.metricTypes = [.customMetrics]
    var claiming = source("claiming", priority: 4)
    claiming.claims = [Claim(metrics: [Glob("t*")]), Claim(namespaces: [Glob("team-*")])]
    let table = RoutingTable(
      sources: [keda, idle, source("last", external: ["s0-cron"]), custom, claiming], generation: 1)
    let question = MetricQuestion(.external("s0-cron"), namespace: "ns")
    #expect(
      table.explain(question).text == """
        external metric s0-cron
          answered by keda (priority 50) at https://keda.monitoring.svc:443
            it claims it: claim 1 (metrics s*-*)
          asked after ServerError, Unavailable: idle (priority 20) at https://idle.monitoring.svc:443
            it no longer lists it, but did a short while ago
            last listed at 2026-06-24T07:02:19Z
          not asked: last (priority 10): lists it, but its priority is lower
          not asked: custom (priority 5): does not serve external.metrics.k8s.io
          not asked: claiming (priority 4): does not list it; claim 1 (metrics t*) does not match: metrics; \
        claim 2 (namespaces team-*) does not match: namespaces

        """)
    #expect(
      table.explain(question, pin: "last").text == """
        external metric s0-cron
          answered by last (priority 10) at https://last.monitoring.svc:443
            it is named by the selector, whatever it lists or claims

        """)
    #expect(
      table.explain(question, pin: "custom").text == """
        external metric s0-cron
          answered by no source: 404 metrics source custom, which the selector names (metricsrouter.io/source), does not \
        serve external.metrics.k8s.io

        """)
  }

  @Test func `Claims are shown behind the metrics that are listed`() {
    var keda = source("keda", priority: 50)
    keda.claims = [Claim(metrics: [Glob("s*-*")], selectorKeys: [SelectorKey("a.io/b")])]
    #expect(
      RoutesTable.text(RoutingTable(sources: [keda], generation: 1)) == """
        METRIC                              TYPE    SOURCE   PRIORITY   SYNCED   BACKEND                           LOSES
        metrics s*-*, selectorKeys a.io/b   claim   keda     50         true     https://keda.monitoring.svc:443   <none>

        """)
  }

  @Test func `A table without metrics says so`() {
    #expect(RoutesTable.text(RoutingTable(sources: [], generation: 1)) == "No metrics are routed.\n")
  }

  @Test(
    arguments: [
      ("pods/foo", "ns", "custom metric pods/foo(namespaced)"),
      ("nodes/foo", nil, "custom metric nodes/foo(root scoped)"),
      ("deployments.apps/r", "ns", "custom metric deployments.apps/r(namespaced)"),
      ("namespaces/foo", "ns", "custom metric namespaces/foo(root scoped)"), ("qlen", "ns", "external metric qlen"),
      ("qlen", nil, "external metric qlen"),
    ] as [(String, String?, String)])
  func `A metric on a command line is read`(text: String, namespace: String?, key: String) throws {
    #expect(try MetricArgument.parse(text, namespace: namespace).description == key)
  }

  @Test(arguments: ["", "/", "pods/", "/foo", "pods/*/foo"])
  func `An argument that names no metric is refused`(text: String) {
    #expect(throws: MetricArgumentError.self) { try MetricArgument.parse(text, namespace: nil) }
  }
}
