import MetricsAPI
import Testing

@Suite struct DiscoveryTests {
  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test func `The groups and their versions are listed, the preferred one first`() {
    #expect(
      text(DiscoveryDocument.groupList()) == """
        {"kind":"APIGroupList","apiVersion":"v1","groups":[\
        {"name":"custom.metrics.k8s.io","versions":[\
        {"groupVersion":"custom.metrics.k8s.io/v1beta2","version":"v1beta2"},\
        {"groupVersion":"custom.metrics.k8s.io/v1beta1","version":"v1beta1"}],\
        "preferredVersion":{"groupVersion":"custom.metrics.k8s.io/v1beta2","version":"v1beta2"}},\
        {"name":"external.metrics.k8s.io","versions":[\
        {"groupVersion":"external.metrics.k8s.io/v1beta1","version":"v1beta1"}],\
        "preferredVersion":{"groupVersion":"external.metrics.k8s.io/v1beta1","version":"v1beta1"}}]}

        """)
    #expect(
      text(DiscoveryDocument.group(.external)) == """
        {"kind":"APIGroup","apiVersion":"v1","name":"external.metrics.k8s.io","versions":[\
        {"groupVersion":"external.metrics.k8s.io/v1beta1","version":"v1beta1"}],\
        "preferredVersion":{"groupVersion":"external.metrics.k8s.io/v1beta1","version":"v1beta1"}}

        """)
  }

  @Test func `Metrics are listed sorted, in one scope for each resource, with strings escaped`() {
    let listing = MetricsListing(custom: [
      CustomMetric(resource: "pods", isNamespaced: true, name: "b\"\n"),
      CustomMetric(resource: "pods", isNamespaced: false, name: "a"),
      CustomMetric(resource: "namespaces", isNamespaced: false, name: "foo"),
      CustomMetric(resource: "pods", isNamespaced: true, name: "b\"\n"),
    ])
    #expect(
      text(DiscoveryDocument.resourceList(.customV1Beta1, of: DiscoveryResources(.custom, of: listing))) == """
        {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"custom.metrics.k8s.io/v1beta1","resources":[\
        {"name":"namespaces/foo","singularName":"","namespaced":false,"kind":"MetricValueList","verbs":["get"]},\
        {"name":"pods/b\\"\\n","singularName":"","namespaced":true,"kind":"MetricValueList","verbs":["get"]}]}

        """)
  }

  @Test func `An empty list carries the placeholder of the adapters, which is read back as no metric`() throws {
    let custom = DiscoveryDocument.resourceList(
      .customV1Beta2, of: DiscoveryResources(.custom, of: MetricsListing()))
    let external = DiscoveryDocument.resourceList(
      .externalV1Beta1, of: DiscoveryResources(.external, of: MetricsListing()))
    #expect(
      text(external) == """
        {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"external.metrics.k8s.io/v1beta1","resources":[\
        {"name":"externalmetrics","singularName":"","namespaced":true,"kind":"ExternalMetricValueList","verbs":["get"]}]}

        """)
    #expect(
      try APIResourceListing.decode(custom, group: .custom).metrics == MetricsListing(placeholders: ["/custommetrics"]))
    #expect(
      try APIResourceListing.decode(external, group: .external).metrics
        == MetricsListing(placeholders: ["externalmetrics"]))
  }
}
