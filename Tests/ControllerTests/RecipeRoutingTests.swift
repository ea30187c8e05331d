import AdapterProfiles
import MetricsAPI
import Routing
import Testing

@testable import metrics_router_controller

/// By its recipe, an adapter is asked for what it has, and another source for what it has not.
@Suite struct RecipeRoutingTests {
  /// What is asked of an adapter, and whether its recipe lets another source answer in its place.
  struct Example: Sendable, CustomTestStringConvertible {
    let profile: AdapterProfile
    let target: String
    var fallsThrough = true

    var testDescription: String { "\(profile.rawValue) \(target)" }
  }

  private static let pods = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/my-ns/pods/*/requests"
  private static let queue = "/apis/external.metrics.k8s.io/v1beta1/namespaces/my-ns/queue"

  static let examples: [Example] = [
    Example(profile: .prometheusAdapter, target: pods), Example(profile: .prometheusAdapter, target: queue),
    // Its 500 is also that of a trigger that fails, and nobody else has its metrics.
    Example(profile: .keda, target: "\(queue)?labelSelector=scaledobject.keda.sh%2Fname%3Dorders", fallsThrough: false),
    Example(profile: .datadog, target: queue.replacing("queue", with: "datadogmetric@my-ns:queue")),
    Example(profile: .datadogConfigMap, target: queue),
    Example(profile: .stackdriver, target: pods),
    Example(profile: .stackdriver, target: queue.replacing("queue", with: "pubsub.googleapis.com%7Cqueue")),
    Example(profile: .kubeMetricsAdapter, target: pods), Example(profile: .kubeMetricsAdapter, target: queue),
    Example(profile: .azure, target: pods), Example(profile: .azure, target: queue),
    Example(profile: .cloudwatch, target: queue), Example(profile: .newRelic, target: queue),
    Example(profile: .alibaba, target: pods), Example(profile: .alibaba, target: queue),
    Example(profile: .karmada, target: pods),
    Example(
      profile: .keptn,
      target: "/apis/custom.metrics.k8s.io/v1beta2/namespaces/my-ns/keptnmetrics.metrics.keptn.sh/requests/requests"),
    Example(profile: .wavefront, target: pods), Example(profile: .wavefront, target: queue),
  ]

  @Test(arguments: examples)
  func `What the adapter has is its own to answer, what it no longer has goes on to the next source`(
    _ example: Example
  ) throws {
    let stock = Self.stock(of: example.profile)
    let spec = try RecipePage(name: Self.page(of: example.profile)).source.spec
    let table = try Self.table(example.profile, spec, stock)
    let asked = table.candidates(for: try Self.question(example.target)).map { table.source(at: $0.source).name }
    #expect(asked == ["recipe", "other"])
    #expect(Self.fallThrough(after: Self.answer(example, stock)) == nil)

    // The router still has the list of before, as it has for a while.
    var idle = stock
    for metric in stock.custom.map(\.metric) + stock.external.map(\.metric) { idle.conditions[metric] = .idle }
    let outcome = try #require(Self.fallThrough(after: Self.answer(example, idle)))
    #expect(spec.fallThrough.contains(outcome) == example.fallsThrough, "\(outcome)")
  }

  @Test(arguments: examples)
  func `A metric that the adapter never had is answered by the other source`(_ example: Example) throws {
    let spec = try RecipePage(name: Self.page(of: example.profile)).source.spec
    let table = try Self.table(example.profile, spec, MetricStock())
    let candidates = table.candidates(for: try Self.question(example.target)).map {
      table.source(at: $0.source).name
    }
    #expect(candidates.last == "other")
    if candidates.first == "recipe" {
      let outcome = try #require(Self.fallThrough(after: Self.answer(example, MetricStock())))
      #expect(spec.fallThrough.contains(outcome) == example.fallsThrough, "\(outcome)")
    }
  }

  private static func page(of profile: AdapterProfile) -> String {
    profile == .datadogConfigMap ? AdapterProfile.datadog.rawValue : profile.rawValue
  }

  private static func stock(of profile: AdapterProfile) -> MetricStock {
    var stock = MetricStock()
    stock.custom = [MetricStock.Custom(resource: "pods", metric: "requests", isNamespaced: true)]
    let queue =
      switch profile {
      case .datadog: "datadogmetric@my-ns:queue"
      case .stackdriver: "pubsub.googleapis.com|queue"
      default: "queue"
      }
    stock.external = [MetricStock.External(metric: queue, scaledObject: profile == .keda ? "orders" : nil)]
    return stock
  }

  /// The adapter by its recipe, and a source below it that claims everything.
  private static func table(
    _ profile: AdapterProfile, _ spec: MetricsSourceSpec, _ stock: MetricStock
  ) throws -> RoutingTable {
    var listing = MetricsListing()
    for version in [MetricsGroupVersion.customV1Beta2, .externalV1Beta1]
    where spec.metricTypes.contains(MetricsSourceSpec.MetricType(version.group)) {
      let answer = answer(Example(profile: profile, target: version.path), stock)
      listing = listing.union(try APIResourceListing.decode(Array(answer.body.utf8), group: version.group).metrics)
    }
    let other = MetricsSourceSpec(
      priority: spec.priority - 1, metricTypes: [.customMetrics, .externalMetrics],
      service: MetricsSourceSpec.Service(namespace: "other", name: "other", port: .number(443)), claims: [Claim()])
    return RoutingTable(
      sources: [("recipe", spec, listing), ("other", other, MetricsListing())].map { name, spec, listing in
        RoutedSource(
          name: name, spec: spec, port: 443, customVersions: [.customV1Beta2], externalVersions: [.externalV1Beta1],
          listing: listing)
      }, generation: 1)
  }

  private static func question(_ target: String) throws -> MetricQuestion {
    let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
    let query = try MetricQuery.parse(parts.count == 2 ? parts[1] : "")
    guard case .metric(let request) = try RequestPath.parse(parts[0]).endpoint else {
      throw RecipePage.Failure(description: "\(target) asks for no metric")
    }
    return MetricQuestion(request, query)
  }

  private static func answer(_ example: Example, _ stock: MetricStock) -> AdapterAnswer {
    example.profile.answer(
      AdapterRequest(example.target), authorization: nil, access: AdapterAccess(), stock: stock)
  }

  private static func fallThrough(after answer: AdapterAnswer) -> FallThrough? {
    let isEmpty = answer.body.contains(#""items":[]"#) || answer.body.contains(#""items":null"#)
    return answer.status == 200 ? (isEmpty ? .empty : nil) : FallThrough(status: answer.status)
  }
}
