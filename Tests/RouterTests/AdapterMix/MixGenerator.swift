import AdapterProfiles
import Routing

/// A cluster with every known adapter, and requests for what they have and have not, from a seed.
struct MixGenerator {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(state: seed) }

  private static let externals = [
    "s0-rabbitmq-orders", "s1-cron", "queue_length", "datadogmetric@default:requests", "nginx.net.request_per_s",
    "custom.googleapis.com|jobs|waiting", "UPPER.Case_Name", "a~b:c@d", "grüße", "two words", "100%", "plus+minus",
    "sqs-length", "unlisted",
  ]
  private static let customs = [
    "foo", "requests", "Requests", "http_requests.rate~5m", "kubernetes.io|pods|cpu", "depth", "e\u{301}t\u{e9}",
  ]
  private static let resources = ["pods", "deployments.apps", "nodes", "namespaces", "keptnmetrics.metrics.keptn.sh"]
  private static let namespaces = ["default", "team-a", "team-b", "aws-prod"]
  private static let scaledObjects = ["web", "api"]

  private mutating func pick<Element>(_ elements: [Element]) -> Element { elements.randomElement(using: &random)! }
  private mutating func happens(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  /// What an adapter has: a part of everything there is, so that several have the same.
  mutating func stock(valueBase: Int) -> MetricStock {
    var stock = MetricStock()
    stock.valueBase = valueBase
    stock.objects = ["web-0", "web-1"]
    for resource in Self.resources {
      for metric in Self.customs where happens(40) {
        stock.custom.append(
          .init(resource: resource, metric: metric, isNamespaced: !["nodes", "namespaces"].contains(resource)))
      }
    }
    for metric in Self.externals where happens(50) {
      stock.external.append(.init(metric: metric, scaledObject: pick(Self.scaledObjects)))
    }
    for metric in Self.customs + Self.externals where happens(25) {
      stock.conditions[metric] = pick(MetricStock.Condition.allCases)
    }
    return stock
  }

  mutating func request(sources: [String]) -> MixRequest {
    var request: MixRequest
    if happens(50) {
      request = MixRequest(metric: pick(Self.externals))
      request.namespace = pick(Self.namespaces)
      if happens(50) { request.labels.append(("scaledobject.keda.sh/name", pick(Self.scaledObjects + ["nobody"]))) }
    } else {
      let resource = pick(Self.resources)
      request = MixRequest(resource: resource, metric: pick(Self.customs))
      request.object = resource == "namespaces" ? pick(Self.namespaces) : pick(["*", "*", "web-0", "nobody-9"])
      request.namespace = ["nodes", "namespaces"].contains(resource) ? nil : pick(Self.namespaces)
      request.version = pick(["v1beta1", "v1beta2"])
      if happens(20) { request.metricLabels.append(("verb", pick(["GET", "POST"]))) }
    }
    if happens(30) { request.labels.append(("app", pick(["web", "api"]))) }
    if happens(10) { request.pin = pick(sources + ["nobody"]) }
    request.encodesAll = happens(30)
    return request
  }
}

/// Sebastiano Vigna's generator: the same numbers from the same seed on every machine.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
