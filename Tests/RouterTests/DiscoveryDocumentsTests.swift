import Foundation
import Kubernetes
import MetricsAPI
import Routing
import Testing

@testable import metrics_router_server

private let aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

@Suite struct DiscoveryDocumentsTests {
  private static func listing(_ count: Int) -> MetricsListing {
    MetricsListing(custom: (0..<count).map { CustomMetric(resource: "pods", isNamespaced: true, name: "metric-\($0)") })
  }

  @Test func `discovery answers in the form that is asked for`() async throws {
    let router = try await RouterFixture(isOpen: true)
    let plain = try await router.get("/apis")
    #expect(plain.head["Content-Type"] == "application/json")
    #expect(plain.text.hasPrefix(#"{"kind":"APIGroupList","#))

    let all = try await router.get("/apis", headers: [("Accept", "\(aggregated),application/json")])
    #expect(all.head["Content-Type"] == aggregated)
    #expect(all.head["Vary"] == "Accept")
    #expect(all.text.contains(#""subresources":[{"subresource":"foo","#))

    let older = aggregated.replacingOccurrences(of: "v=v2", with: "v=v2beta1")
    let beta = try await router.get("/apis", headers: [("Accept", "\(older),application/json")])
    #expect(beta.head["Content-Type"] == older)
    #expect(
      beta.text == all.text.replacingOccurrences(of: "apidiscovery.k8s.io/v2", with: "apidiscovery.k8s.io/v2beta1"))

    let yaml = try await router.get("/apis/external.metrics.k8s.io/v1beta1", headers: [("Accept", "application/yaml")])
    #expect(yaml.head["Content-Type"] == "application/yaml")
    #expect(
      yaml.text.hasPrefix("apiVersion: v1\ngroupVersion: external.metrics.k8s.io/v1beta1\nkind: APIResourceList\n"))

    let pretty = try await router.get("/apis/custom.metrics.k8s.io", headers: [("User-Agent", "curl/8.0")])
    #expect(pretty.text.hasPrefix("{\n  \"kind\": \"APIGroup\",\n"))
    #expect(pretty.head["ETag"] == nil)

    let refused = try await router.get("/apis", headers: [("Accept", "text/html")])
    #expect(refused.status == 406)
    #expect(
      refused.text.contains("only the following media types are accepted: application/json, application/yaml\""))
    #expect(refused.text.contains(#""reason": "NotAcceptable""#))
    await router.end()
  }

  @Test(arguments: [
    ("/apis", "application/json"), ("/apis", aggregated), ("/apis/custom.metrics.k8s.io", "*/*"),
    ("/apis/custom.metrics.k8s.io/v1beta1", "*/*"), ("/openapi/v2", "application/json"), ("/openapi/v3", "*/*"),
    ("/openapi/v3/apis/external.metrics.k8s.io/v1beta1", "*/*"),
  ])
  func `who has a document already is told so`(path: String, accept: String) async throws {
    let router = try await RouterFixture(isOpen: true)
    let first = try await router.get(path, headers: [("Accept", accept)])
    #expect(first.status == 200)
    let tag = try #require(first.head["ETag"])
    let again = try await router.get(path, headers: [("Accept", accept), ("If-None-Match", "\"x\", W/\(tag)")])
    #expect(again.status == 304)
    #expect(again.head["ETag"] == tag)
    #expect(again.body.isEmpty)
    #expect(try await router.get(path, headers: [("Accept", accept), ("If-None-Match", "\"x\"")]).text == first.text)
    await router.end()
  }

  @Test func `another table has other documents`() async throws {
    let router = try await RouterFixture(isOpen: true)
    let path = "/apis/custom.metrics.k8s.io/v1beta2"
    let tag = try #require(try await router.get(path).head["ETag"])
    router.route(generation: 2) { $0.listing = Self.listing(2) }
    let changed = try await router.get(path, headers: [("If-None-Match", tag)])
    #expect(changed.status == 200)
    #expect(changed.text.contains("pods/metric-1"))
    await router.end()
  }

  @Test func `large documents are compressed for who takes it, and written anew for nobody`() async throws {
    let router = try await RouterFixture(isOpen: true)
    router.route(generation: 2) { $0.listing = Self.listing(20_000) }
    let path = "/apis/custom.metrics.k8s.io/v1beta2"
    let plain = try await router.get(path, headers: [("Accept-Encoding", "gzip;q=0")])
    #expect(plain.body.count > Document.maximumConvertedBytes)
    #expect(plain.head["Content-Encoding"] == nil)
    #expect(plain.head["Vary"] == "Accept, Accept-Encoding")
    let zipped = try await router.get(path, headers: [("Accept-Encoding", "deflate, gzip")])
    #expect(zipped.head["Content-Encoding"] == "gzip")
    #expect(zipped.body.starts(with: [0x1F, 0x8B]))
    #expect(zipped.body.count < plain.body.count / 10)
    #expect(zipped.head["ETag"] == plain.head["ETag"])

    #expect(try await router.get(path + "?pretty=true").body == plain.body)
    let yaml = try await router.get(path, headers: [("Accept", "application/yaml")])
    #expect(yaml.status == 406)
    #expect(yaml.text.contains("are accepted: application/json\""))
    await router.end()
  }

  @Test func `an OpenAPI document may be kept by who asks for it by its hash`() async throws {
    let router = try await RouterFixture(isOpen: true)
    let index = try await router.get("/openapi/v3")
    let paths = try JSONDecoder().decode([String: [String: [String: String]]].self, from: Data(index.body))
    let location = try #require(paths["paths"]?["apis/custom.metrics.k8s.io/v1beta2"]?["serverRelativeURL"])
    let document = try await router.get(location)
    #expect(document.status == 200)
    #expect(document.text.hasPrefix(#"{"openapi":"3.0.0","#))
    #expect(document.head["Cache-Control"] == "public, max-age=31536000, immutable")

    let path = String(location.prefix { $0 != "?" })
    #expect(try await router.get(path).head["Cache-Control"] == "no-cache, private")
    let other = try await router.get(path + "?hash=OLD")
    #expect(other.status == 301)
    #expect(other.head["Location"] == location)
    #expect(try await router.get("/openapi/v3/apis/apps/v1").status == 404)
    #expect(try await router.get("/openapi/v2", headers: [("Accept", "text/html")]).status == 406)
    await router.end()
  }

  @Test func `before the first table there is a placeholder in every document`() throws {
    for version in MetricsGroupVersion.allCases {
      let choice = DiscoveryDocuments.empty.choice(.resources(version), accept: nil, isPretty: false)
      guard case .found(let document, Document.Form())? = choice else {
        Issue.record("no document of \(version)")
        continue
      }
      let metrics = try APIResourceListing.decode(document.body, group: version.group).metrics
      #expect(metrics.isEmpty && metrics.placeholders.count == 1)
    }
    if DiscoveryDocuments.empty.choice(.unknown, accept: nil, isPretty: false) != nil {
      Issue.record("there is a document at a path of none")
    }
    #expect(DiscoveryDocuments.empty.omittedCount == 0)
  }

  @Test func `what the bound leaves out is counted, and a compact list leaves out nothing`() {
    let source = RoutedSource(
      name: "adapter",
      spec: MetricsSourceSpec(
        priority: 1, metricTypes: [.customMetrics],
        service: MetricsSourceSpec.Service(namespace: "ns", name: "adapter", port: .number(443))),
      port: 443, customVersions: [.customV1Beta1], externalVersions: [], listing: Self.listing(5), isStale: false)
    let table = RoutingTable(sources: [source], generation: 1)
    #expect(DiscoveryDocuments(table).omittedCount == 0)
    #expect(DiscoveryDocuments(table, maximumCount: 3).omittedCount == 2)
    #expect(DiscoveryDocuments(table, style: .compact, maximumCount: 3).omittedCount == 0)
  }

  @Test func `a table that lists the same keeps the documents of the one before it`() throws {
    let source = { (name: String, priority: Int, count: Int) in
      RoutedSource(
        name: name, priority: priority, serviceNamespace: "ns", serviceName: name,
        backend: .init(scheme: .https, host: "\(name).ns.svc", port: 443), tls: .init(serverName: "\(name).ns.svc"),
        sendsToken: true, timeoutSeconds: 2, customVersions: [.customV1Beta2], externalVersions: [],
        listing: Self.listing(count), isStale: false)
    }
    let loaded = { (sources: [RoutedSource], former: LoadedTable?) in
      LoadedTable(Snapshot(generation: 1, writer: "test", time: "", sources: sources), after: former)
    }
    let document = { (table: LoadedTable) throws -> Document in
      let choice = table.discovery.choice(.resources(.customV1Beta2), accept: nil, isPretty: false)
      guard case .found(let document, _)? = choice else { throw CancellationError() }
      return document
    }
    let first = loaded([source("a", 1, 3), source("b", 2, 5)], nil)
    let swapped = loaded([source("a", 9, 3), source("b", 2, 5)], first)
    #expect(swapped.table.sources.map(\.name) == ["a", "b"])
    #expect(try document(swapped) === document(first))

    let grown = loaded([source("a", 9, 3), source("b", 2, 6)], swapped)
    #expect(try document(grown) !== document(first))
    #expect(try String(decoding: document(grown).body, as: UTF8.self).contains("metric-5"))
  }
}
