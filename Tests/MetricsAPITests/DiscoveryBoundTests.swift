import MetricsAPI
import Testing

@Suite struct DiscoveryBoundTests {
  private static let listing = MetricsListing(
    custom: [
      CustomMetric(resource: "nodes", isNamespaced: false, name: "a"),
      CustomMetric(resource: "pods", isNamespaced: true, name: "a"),
      CustomMetric(resource: "pods", isNamespaced: false, name: "b"),
      CustomMetric(resource: "pods", isNamespaced: true, name: "c"),
      CustomMetric(resource: "pods", isNamespaced: true, name: "d"),
      CustomMetric(resource: "services", isNamespaced: true, name: "a"),
    ], external: ["a", "b", "c"])

  private func names(_ version: MetricsGroupVersion, _ resources: DiscoveryResources) throws -> [String] {
    let document = DiscoveryDocument.resourceList(version, of: resources)
    let metrics = try APIResourceListing.decode(document, group: version.group).metrics
    return metrics.custom.map(\.description) + metrics.external + metrics.placeholders
  }

  @Test func `A full list ends at its bound and counts what it leaves out, metrics in a second scope aside`() throws {
    let all = [
      "nodes/a(root scoped)", "pods/a(namespaced)", "pods/c(namespaced)", "pods/d(namespaced)",
      "services/a(namespaced)",
    ]
    for maximum in 1...6 {
      let resources = DiscoveryResources(.custom, of: Self.listing, maximumCount: maximum)
      #expect(try names(.customV1Beta1, resources) == Array(all.prefix(maximum)))
      #expect(resources.omittedCount == max(0, all.count - maximum))
    }
    let external = DiscoveryResources(.external, of: Self.listing, maximumCount: 2)
    #expect(try names(.externalV1Beta1, external) == ["a", "b"])
    #expect(external.omittedCount == 1)
  }

  @Test(arguments: [0, -1])
  func `A bound of nothing leaves the placeholder`(maximum: Int) throws {
    let resources = DiscoveryResources(.custom, of: Self.listing, maximumCount: maximum)
    #expect(try names(.customV1Beta2, resources) == ["/custommetrics"])
    #expect(resources.omittedCount == 5)
  }

  @Test func `A compact list is the placeholder alone and leaves nothing out`() throws {
    let custom = DiscoveryResources(.custom, of: Self.listing, style: .compact)
    let external = DiscoveryResources(.external, of: Self.listing, style: .compact)
    #expect(try names(.customV1Beta2, custom) == ["/custommetrics"])
    #expect(try names(.externalV1Beta1, external) == ["externalmetrics"])
    #expect(custom.omittedCount == 0 && external.omittedCount == 0)
  }
}
