import MetricsAPI
import Routing
import Testing

@Suite struct ClaimTests {
  private func external(_ name: String, in namespace: String = "ns", selector: String = "") throws -> MetricQuestion {
    MetricQuestion(.external(name), namespace: namespace, metricSelector: try LabelSelector.parse(selector))
  }

  private let keda = Claim(
    metrics: [Glob("s*-*"), Glob("other")], metricType: .externalMetrics, namespaces: [Glob("team-*"), Glob("ns")],
    selectorKeys: [SelectorKey("scaledobject.keda.sh/name")])

  @Test func `A claim matches when all its fields do`() throws {
    #expect(keda.matches(try external("s0-cron", selector: "scaledobject.keda.sh/name=web")))
    #expect(keda.matches(try external("other", in: "team-a", selector: "a=b,scaledobject.keda.sh/name in (x,y)")))
    #expect(keda.mismatch(try external("cron", selector: "scaledobject.keda.sh/name=web")) == .metrics)
    #expect(keda.mismatch(try external("s0-cron", in: "prod", selector: "scaledobject.keda.sh/name=a")) == .namespaces)
    #expect(keda.mismatch(try external("s0-cron")) == .selectorKeys)
    #expect(keda.mismatch(MetricQuestion(.custom(pods("s0-cron")), namespace: "ns")) == .metricType)
  }

  @Test func `A claim without a field matches everything`() throws {
    #expect(Claim().matches(try external("anything")))
    #expect(Claim().matches(MetricQuestion(.custom(nodes("anything")))))
  }

  @Test func `Resources match custom metrics alone`() throws {
    let claim = Claim(resources: [Glob("*.apps"), Glob("pods")])
    #expect(claim.matches(MetricQuestion(.custom(pods("a")), namespace: "ns")))
    #expect(claim.mismatch(MetricQuestion(.custom(nodes("a")))) == .resources)
    #expect(claim.mismatch(try external("a")) == .resources)
  }

  @Test func `Namespaces match metrics of a namespace itself, and nothing outside namespaces`() throws {
    let claim = Claim(namespaces: [Glob("*")])
    let path = try RequestPath.parse("/apis/custom.metrics.k8s.io/v1beta2/namespaces/team-a/metrics/foo")
    guard case .metric(let request) = path.endpoint else { throw PathError.notAbsolute }
    let question = MetricQuestion(request, MetricQuery())
    #expect(question.namespace == "team-a")
    #expect(claim.matches(question))
    #expect(!claim.matches(MetricQuestion(.custom(nodes("a")))))
  }

  @Test(arguments: ["k=v", "k==v", "k in (v)", "a=b,k=v"])
  func `A key with a value is carried by exactly that value`(selector: String) throws {
    #expect(SelectorKey("k=v").isCarried(by: try LabelSelector.parse(selector)))
  }

  @Test(arguments: ["", "k", "k=w", "k in (v,w)", "k!=v", "k notin (v)", "!k", "j=v"])
  func `A key with a value is not carried by what leaves others open`(selector: String) throws {
    #expect(!SelectorKey("k=v").isCarried(by: try LabelSelector.parse(selector)))
  }

  @Test(arguments: ["k!=v", "!k", "k notin (v)", "k>1"])
  func `A key is not carried by what only says what it is not`(selector: String) throws {
    #expect(!SelectorKey("k").isCarried(by: try LabelSelector.parse(selector)))
  }

  @Test func `Of custom metrics either selector may carry the key`() throws {
    let claim = Claim(selectorKeys: [SelectorKey("k")])
    let carrying = try LabelSelector.parse("k=v")
    #expect(claim.matches(MetricQuestion(.custom(pods("a")), metricSelector: carrying)))
    #expect(claim.matches(MetricQuestion(.custom(pods("a")), objectSelector: carrying)))
    #expect(!claim.matches(MetricQuestion(.custom(pods("a")))))
  }

  @Test func `Every mistake in a claim is named with its place`() throws {
    var spec = source("x").spec
    spec.metricTypes = [.externalMetrics]
    spec.claims = [
      Claim(metrics: [Glob("good"), Glob("[a]")], metricType: .customMetrics),
      Claim(
        resources: [Glob("pods")], namespaces: [Glob("Team")], selectorKeys: [SelectorKey("a b"), SelectorKey("ok=1")]),
    ]
    spec.shadowOf = "Not A Name"
    #expect(
      spec.validate().map(\.path) == [
        "spec.claims[0].metricType", "spec.claims[0].metrics[1]", "spec.claims[1].resources",
        "spec.claims[1].namespaces[0]", "spec.claims[1].selectorKeys[0]", "spec.shadowOf",
      ])
  }

  @Test func `Too many claims are refused`() {
    var spec = source("x").spec
    spec.claims = Array(repeating: Claim(), count: 65)
    #expect(spec.validate().map(\.description) == ["spec.claims: 65 claims: use at most 64"])
  }
}

extension RoutedSource {
  /// A good spec, for tests of what is wrong with one.
  fileprivate var spec: MetricsSourceSpec {
    MetricsSourceSpec(
      priority: priority, metricTypes: metricTypes,
      service: MetricsSourceSpec.Service(namespace: serviceNamespace, name: serviceName, port: .number(443)))
  }
}
