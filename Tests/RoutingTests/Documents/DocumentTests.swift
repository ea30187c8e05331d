import Foundation
import MetricsAPI
import Routing
import Testing

@Suite struct DocumentTests {
  private func chain() -> RoutingTable {
    var keda = source("keda", priority: 50)
    keda.claims = [Claim(metrics: [Glob("s*-*")])]
    keda.fallThrough = FallThroughSet([.serverError, .unavailable])
    var idle = source("idle", priority: 20, isStale: true)
    idle.retained = [
      RetainedListing(lastListed: "2026-06-24T07:02:19Z", listing: MetricsListing(external: ["s0-cron"]))
    ]
    idle.shadowOf = "keda"
    var claiming = source("claiming", priority: 4, custom: [pods("foo"), nodes("foo")])
    claiming.claims = [Claim(metrics: [Glob("t*")])]
    return RoutingTable(
      sources: [keda, idle, source("last", external: ["s0-cron"]), claiming], generation: 7)
  }

  @Test func `a table as a document describes each source once, and names it where it routes`() {
    let document = RoutesDocument(chain())
    #expect(document.generation == 7)
    #expect(document.sources.map(\.name) == ["keda", "idle", "last", "claiming"])
    #expect(document.sources.map(\.synced) == [true, false, true, true])
    #expect(document.sources[0].fallThrough == [.serverError, .unavailable])
    #expect(document.sources[1].shadowOf == "keda")
    #expect(document.sources[1].metrics == 1)
    #expect(document.routes.map(\.metric) == ["nodes/foo", "pods/foo", "s0-cron"])
    #expect(document.routes.map(\.type) == [.customRootScoped, .customNamespaced, .external])
    // Whoever claims it by its name goes before those that list it, as for a request.
    #expect(document.routes.map(\.source) == ["claiming", "claiming", "keda"])
    #expect(document.routes.map(\.loses) == [[], [], ["idle", "last"]])
  }

  @Test func `an explanation as a document says of each source what its text says`() {
    let document = ExplanationDocument(chain().explain(MetricQuestion(.external("s0-cron"), namespace: "ns")))
    #expect(document.metric == "s0-cron")
    #expect(document.type == .external)
    #expect(document.namespace == "ns")
    #expect(document.answeredBy == "keda")
    #expect(document.refusal == nil)
    #expect(document.candidates.map(\.source.name) == ["keda", "idle", "last"])
    #expect(document.candidates.map(\.reason) == [.claimed, .retained, .listed])
    #expect(document.candidates.map(\.asked) == [true, true, false])
    #expect(document.candidates[0].claim == Claim(metrics: [Glob("s*-*")]))
    #expect(document.candidates[0].after == [])
    #expect(document.candidates[1].after == [.serverError, .unavailable])
    #expect(document.candidates[2].after == [])
    #expect(document.candidates[1].why == "no longer lists it, but did a short while ago")
    #expect(document.candidates[1].lastListed == "2026-06-24T07:02:19Z")
    #expect(document.notCandidates.map(\.source.name) == ["claiming"])
    #expect(document.notCandidates[0].reason == .notListed)
    #expect(document.notCandidates[0].claimMismatches == ["metrics"])
    #expect(document.notCandidates[0].why.hasPrefix("does not list it; claim 1"))
    #expect(document.omittedNotCandidates == nil)
    let short = ExplanationDocument(
      chain().explain(MetricQuestion(.external("nothing"))), maximumNotCandidates: 1)
    #expect(short.notCandidates.count == 1)
    #expect(short.omittedNotCandidates == 3)
  }

  @Test func `no token is said to go to a source by plain HTTP`() {
    var plain = source("plain", custom: [pods("foo")])
    plain.backend.scheme = .http
    let table = RoutingTable(sources: [plain], generation: 1)
    #expect(SourceDocument(plain).sendsToken == false)
    #expect(table.explain(MetricQuestion(.custom(pods("foo")))).text(isWide: true).contains("without a token"))
    #expect(RoutesTable.text(table, isWide: true).split(separator: " ").contains("false"))
  }

  @Test func `a metric that nobody answers has its refusal in place of a source`() throws {
    let document = ExplanationDocument(chain().explain(MetricQuestion(.external("nothing"))))
    #expect(document.answeredBy == nil)
    #expect(document.refusal == "external metric nothing is not provided by any metrics backend")
    let fields = try JSONSerialization.jsonObject(with: JSONEncoder().encode(document)) as? [String: Any]
    #expect(fields?.keys.contains("answeredBy") == false)
    #expect((fields?["candidates"] as? [Any])?.isEmpty == true)
  }

  @Test func `what is named is what explain takes`() throws {
    for route in RoutesDocument(chain()).routes {
      let namespace = route.type == .customNamespaced ? "ns" : nil
      let key = try MetricArgument.parse(route.metric, namespace: namespace)
      #expect(MetricTypeName(key) == route.type)
    }
  }

  @Test func `a wide explanation says how each source that may be asked is asked, and of no other`() {
    var secured = source("secured", custom: [pods("foo")])
    secured.tls = RoutedSource.TLS(serverName: "a.example.com", caBundle: "-----BEGIN")
    secured.sendsToken = false
    let table = RoutingTable(sources: [secured, source("low", priority: 1, custom: [pods("foo")])], generation: 1)
    #expect(
      table.explain(MetricQuestion(.custom(pods("foo")))).text(isWide: true) == """
        custom metric pods/foo(namespaced)
          answered by secured (priority 10) at https://secured.monitoring.svc:443
            Service monitoring/secured; its certificate must be for a.example.com, by the source's caBundle
            within 10 s, without a token
          not asked: low (priority 1): lists it, but its priority is lower

        """)
  }

  @Test func `a wide table has columns of what requests depend on`() {
    let rows = RoutesTable.text(chain(), isWide: true).split(separator: "\n").map { $0.split(separator: " ") }
    #expect(rows[0].suffix(5) == ["SERVICE", "TIMEOUT", "TOKEN", "FALLTHROUGH", "SHADOWED"])
    #expect(rows.last?.first == "metrics")
    let keda = rows.first { $0.contains("keda") && $0.contains("claim") }
    #expect(keda?.suffix(5) == ["monitoring/keda", "10s", "true", "ServerError,Unavailable", "idle"])
  }
}
