import MetricsAPI
import Testing

@Suite struct AuthorizationAttributesTests {
  struct Row: Sendable {
    var path: String
    var verb = "get"
    var resource: String
    var name = ""
    var subresource = ""
    var namespace = ""
  }

  @Test(arguments: [
    Row(path: "namespaces/ns/pods/*/foo", resource: "pods", name: "*", subresource: "foo", namespace: "ns"),
    Row(path: "namespaces/ns/pods/%2A/foo", resource: "pods", name: "*", subresource: "foo", namespace: "ns"),
    Row(
      path: "namespaces/ns/deployments.apps/d/foo", resource: "deployments.apps", name: "d", subresource: "foo",
      namespace: "ns"),
    Row(path: "nodes/n1/foo", resource: "nodes", name: "n1", subresource: "foo"),
    Row(path: "namespaces/ns/metrics/foo", resource: "metrics", name: "foo", namespace: "ns"),
  ])
  func `A custom metric is authorized as Kubernetes reads its path`(row: Row) throws {
    try check(row, version: .customV1Beta1)
  }

  @Test(arguments: [
    Row(path: "namespaces/ns/qlen", verb: "list", resource: "qlen", namespace: "ns"),
    Row(path: "namespaces/ns/status", resource: "namespaces", name: "ns", subresource: "status", namespace: "ns"),
    Row(path: "namespaces/ns/finalize", resource: "namespaces", name: "ns", subresource: "finalize", namespace: "ns"),
  ])
  func `An external metric is authorized as Kubernetes reads its path`(row: Row) throws {
    try check(row, version: .externalV1Beta1)
  }

  private func check(_ row: Row, version: MetricsGroupVersion) throws {
    let path = version.path + "/" + row.path
    let expected = AuthorizationAttributes(
      verb: row.verb, group: version.group.rawValue, version: version.version, resource: row.resource,
      subresource: row.subresource, name: row.name, namespace: row.namespace)
    #expect(expected.isResourceRequest)
    #expect(try RequestPath.parse(path).attributes() == expected)
    #expect(try metric(path).attributes == expected)
  }

  @Test(arguments: [
    "/apis/custom.metrics.k8s.io/v1beta1", "/apis/custom.metrics.k8s.io/v1beta1/", "/apis", "/healthz", "/", "/x/y/z/w",
  ])
  func `What is no resource is authorized by its path, verbatim`(path: String) throws {
    let attributes = try RequestPath.parse(path).attributes()
    #expect(attributes == AuthorizationAttributes(path: path, verb: "get"))
    #expect(!attributes.isResourceRequest)
  }

  @Test(arguments: [("POST", "create"), ("PUT", "update"), ("PATCH", "patch"), ("DELETE", "delete"), ("HEAD", "get")])
  func `A method is authorized as its verb`(method: String, verb: String) throws {
    let path = try RequestPath.parse("/apis/custom.metrics.k8s.io/v1beta1/nodes/n1/foo")
    #expect(path.attributes(method: method).verb == verb)
    #expect(try RequestPath.parse("/healthz").attributes(method: method).verb == method.lowercased())
  }

  @Test func `A watch of an external metric is authorized as a watch`() throws {
    let path = try RequestPath.parse("/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/qlen")
    #expect(path.attributes(watches: true).verb == "watch")
  }

  @Test func `To delete what has no name is to delete a collection`() throws {
    let path = try RequestPath.parse("/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/qlen")
    #expect(path.attributes(method: "DELETE").verb == "deletecollection")
    #expect(path.attributes(method: "POST").verb == "create")
  }

  @Test func `A path of nothing below a version is authorized as the resource it names`() throws {
    let attributes = try RequestPath.parse("/apis/custom.metrics.k8s.io/v1beta1/watch/nodes/n1/foo").attributes()
    #expect(attributes.verb == "watch")
    #expect(attributes.resource == "nodes")
    #expect(attributes.name == "n1")
    #expect(attributes.subresource == "foo")
    let proxied = try RequestPath.parse("/apis/custom.metrics.k8s.io/v1beta1/proxy/nodes/n1/foo").attributes()
    #expect(proxied.verb == "proxy")
    #expect(proxied.subresource == "")
  }

  @Test func `A path of the core group is authorized as the resource it names`() throws {
    let attributes = try RequestPath.parse("/api/v1/namespaces/ns/pods/x/log").attributes()
    #expect(
      attributes
        == AuthorizationAttributes(
          verb: "get", group: "", version: "v1", resource: "pods", subresource: "log", name: "x", namespace: "ns"))
    #expect(try RequestPath.parse("/api/v1").attributes() == AuthorizationAttributes(path: "/api/v1", verb: "get"))
  }

  @Test(arguments: [
    "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/x%D8%80/cpu",
    "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/%CC%81cpu",
    "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns%D8%80/pods/x/cpu",
    "/apis/external.metrics.k8s.io/v1beta1/namespaces/ns%D8%80/queue",
  ])
  func `A slash beside a combining mark separates for the authorization as it does for the route`(path: String) throws {
    let parsed = try RequestPath.parse(path)
    guard case .metric(let request) = parsed.endpoint else {
      Issue.record("\(path) names no metric")
      return
    }
    #expect(parsed.attributes() == request.attributes)
  }

  @Test func `Names that Swift calls equal but Kubernetes does not are told apart`() throws {
    let version = MetricsGroupVersion.externalV1Beta1
    let composed = try metric(version.path + "/namespaces/ns/caf%C3%A9")
    let combining = try metric(version.path + "/namespaces/ns/cafe%CC%81")
    #expect(composed.metric == combining.metric)
    #expect(composed.attributes != combining.attributes)
    #expect(composed.lookup != combining.lookup)
    let metrics = [composed, combining].map { CustomMetric(resource: "pods", isNamespaced: true, name: $0.metric) }
    #expect(metrics[0] != metrics[1])
  }
}
