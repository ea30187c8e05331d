import AdapterProfiles
import Testing

/// What all adapters have from sigs.k8s.io/custom-metrics-apiserver.
struct SharedBehaviourTests {
  private static let customList = "/apis/custom.metrics.k8s.io/v1beta1"
  private static let custom = "/apis/custom.metrics.k8s.io/v1beta1/namespaces/shop/pods/*/foo"
  private static let external = "/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/queue"

  @Test(arguments: AdapterProfile.allCases)
  func `only v1beta1 is advertised and v1beta2 is served all the same`(_ adapter: AdapterProfile) throws {
    let have = try stock()
    let group = "custom.metrics.k8s.io"
    let advertised = adapter.ask("/apis/\(group)", have)
    guard adapter.groups.contains(group) else {
      #expect(advertised.answer.body == "404 page not found\n")
      return
    }
    #expect(
      (advertised.json["versions"] as? [[String: Any]])?.compactMap { $0["version"] as? String } == ["v1beta1"])
    #expect(adapter.customList(have, version: "v1beta2") == adapter.customList(have, version: "v1beta1"))
    #expect(adapter.customList(have, version: "v1beta2") != nil)
    #expect(adapter.ask("/apis/\(group)/v1", have).status == 404)
  }

  @Test(arguments: AdapterProfile.allCases)
  func `callers are those that the API server knows and lets in`(_ adapter: AdapterProfile) throws {
    let have = try stock()
    let access = AdapterAccess(token: "router", tokenWithoutRights: "other")
    let path = adapter == .keptn ? Self.custom : adapter.groups.count == 2 ? Self.custom : Self.external
    let anonymous = adapter.ask(path, have, access: access)
    #expect(anonymous.status == 403 && anonymous.reason == "Forbidden")
    #expect(anonymous.message?.contains(#"User "system:anonymous" cannot"#) == true)
    let unknown = adapter.ask(path, have, access: access, as: "Bearer nobody")
    #expect(unknown.status == 401 && unknown.message == "Unauthorized" && unknown.reason == "Unauthorized")
    #expect(adapter.ask(path, have, access: access, as: "Bearer other").status == 403)
    #expect(adapter.ask("/apis", have, access: access, as: "Bearer other").status == 200)
    let allowed = adapter.ask(path, have, access: access, as: "Bearer router")
    #expect(allowed.answer == adapter.ask(path, have).answer)
  }

  @Test func `a refusal names what was refused as the API machinery does`() throws {
    let (have, access) = (try stock(), AdapterAccess(token: "router"))
    let adapter = AdapterProfile.prometheusAdapter
    for (path, message) in [
      (
        Self.custom,
        #"pods.custom.metrics.k8s.io "*" is forbidden: User "system:anonymous" cannot get resource "pods/foo" in API group "custom.metrics.k8s.io" in the namespace "shop""#
      ),
      (
        Self.external,
        #"queue.external.metrics.k8s.io is forbidden: User "system:anonymous" cannot list resource "queue" in API group "external.metrics.k8s.io" in the namespace "shop""#
      ),
      (Self.customList, #"forbidden: User "system:anonymous" cannot get path "\#(Self.customList)""#),
    ] {
      #expect(adapter.ask(path, have, access: access).message == message)
    }
  }

  @Test func `an answer says who gave it, whose it is and what was asked`() throws {
    let have = try stock()
    let path = Self.custom + "?metricLabelSelector=verb%3DGET%2Ctier%20in%20%28a%2Cb%29"
    let item = try #require(
      AdapterProfile.prometheusAdapter.ask(path, have).answer.body.split(separator: "[").dropFirst().first)
    #expect(
      item.hasPrefix(
        #"{"describedObject":{"kind":"Pod","namespace":"shop","name":"web-0","apiVersion":"/v1"},"metricName":"foo","timestamp":"2024-01-02T03:04:05Z","value":"701","selector":{"matchLabels":{"verb":"GET"},"matchExpressions":"#
      ))
    let external = AdapterProfile.cloudwatch.ask(Self.external, have)
    #expect(
      external.answer.body
        == #"{"kind":"ExternalMetricValueList","apiVersion":"external.metrics.k8s.io/v1beta1","metadata":{},"items":[{"metricName":"queue","metricLabels":null,"timestamp":"2024-01-02T03:04:05Z","value":"701"}]}"#
        + "\n")
  }

  @Test func `metrics are named as flags name them`() throws {
    #expect(MetricStock.custom("pods/foo=1500m")?.value == "1500m")
    #expect(MetricStock.custom("nodes/load")?.isNamespaced == false)
    let scaled = try #require(MetricStock.external("shop/orders/s0-queue{app=web,tier=a}=3"))
    #expect(scaled.namespaces == ["shop"] && scaled.scaledObject == "orders" && scaled.metric == "s0-queue")
    #expect(scaled.labels == ["app": "web", "tier": "a"] && scaled.value == "3")
    #expect(MetricStock.external("datadogmetric@shop:orders")?.metric == "datadogmetric@shop:orders")
    for text in ["", "=3", "a/b/c/d", "queue=", "queue{app}"] {
      #expect(MetricStock.external(text) == nil, "\(text)")
    }
    #expect(MetricStock.custom("foo") == nil)
  }

  @Test func `selectors are read and said as Go does`() {
    let selection = LabelSelection("b in (y,x),a==1,!c,d,e!=2,f notin (z)")
    #expect(selection.description == "a==1,b in (x,y),!c,d,e!=2,f notin (z)")
    #expect(selection.value(of: "a") == "1" && selection.value(of: "b") == nil)
  }
}
