import MetricsAPI
import Testing

@Suite struct PathGrammarTests {
  private static let custom = "/apis/custom.metrics.k8s.io/v1beta2"
  private static let external = "/apis/external.metrics.k8s.io/v1beta1"

  @Test(arguments: [
    ("/apis", Endpoint.groups), ("/apis/", .groups),
    ("/apis/custom.metrics.k8s.io", .group(.custom)), ("/apis/external.metrics.k8s.io/", .group(.external)),
    ("/apis/custom.metrics.k8s.io/v1beta1", .resources(.customV1Beta1)),
    ("/apis/custom.metrics.k8s.io/v1beta2/", .resources(.customV1Beta2)),
    ("/apis/external.metrics.k8s.io/v1beta1", .resources(.externalV1Beta1)),
    ("/healthz", .nonResource("/healthz")), ("/openapi/v2", .nonResource("/openapi/v2")),
    ("/%68ealthz", .nonResource("/healthz")), ("/version", .nonResource("/version")),
  ])
  func `Paths above the metrics are told apart`(path: String, endpoint: Endpoint) throws {
    #expect(try RequestPath.parse(path).endpoint == endpoint)
  }

  @Test(arguments: [
    "/", "/healthz/", "/healthz/x", "/api", "/apis/metrics.k8s.io", "/apis/external.metrics.k8s.io/v1beta2",
    "/apis/custom.metrics.k8s.io/v1", custom + "/pods", custom + "/pods/p", custom + "/namespaces/ns/foo",
    custom + "/namespaces/ns/pods/foo", custom + "/namespaces/ns/pods/p/foo/bar",
    custom + "/namespaces/ns/status/x/foo",
    custom + "/namespaces/ns/finalize/x/foo", custom + "/namespaces/ns/metrics/x/foo", custom + "/watch/n1/foo",
    custom + "/proxy/n1/foo", external + "/qlen", external + "/namespaces/ns", external + "/namespaces/ns/a/b",
    external + "/nodes/n1/foo",
  ])
  func `Paths of nothing are unknown`(path: String) throws {
    #expect(try RequestPath.parse(path).endpoint == .unknown)
  }

  @Test(arguments: [
    (custom + "/namespaces/ns/pods/*/foo", "ns", "pods", "*", "custom metric pods/foo(namespaced)"),
    (custom + "/namespaces/ns/pods/%2A/foo", "ns", "pods", "*", "custom metric pods/foo(namespaced)"),
    (
      custom + "/namespaces/ns/deployments.apps/d/a@b:c%7Cd~E", "ns", "deployments.apps", "d",
      "custom metric deployments.apps/a@b:c|d~E(namespaced)"
    ),
    (custom + "/nodes/n1/foo", nil, "nodes", "n1", "custom metric nodes/foo(root scoped)"),
    (custom + "/namespaces/ns/metrics/foo", nil, "namespaces", "ns", "custom metric namespaces/foo(root scoped)"),
    (external + "/namespaces/ns/s0-rabbit%2525", "ns", "", "", "external metric s0-rabbit%25"),
    (external + "/namespaces/ns/caf%C3%A9", "ns", "", "", "external metric café"),
  ])
  func `Metric paths are decoded once`(
    path: String, namespace: String?, resource: String, object: String, key: String
  ) throws {
    let request = try metric(path)
    #expect(request.namespace == namespace)
    #expect(request.resource == resource)
    #expect(request.objectName == object)
    #expect(request.lookup.description == key)
  }

  @Test(arguments: [
    ("", PathError.notAbsolute), ("apis", .notAbsolute), ("*", .notAbsolute),
    ("/apis//v1beta1", .emptySegment), ("//apis", .emptySegment), ("/apis//", .emptySegment),
    (custom + "/nodes/n1/foo/", .emptySegment), (custom + "/nodes//foo", .emptySegment),
    ("/apis/./x", .dotSegment), ("/apis/..", .dotSegment), ("/apis/%2e%2E/x", .dotSegment), ("/.%2e", .dotSegment),
    ("/a%2fb", .forbiddenCharacter(offset: 2)), ("/a%2Fb", .forbiddenCharacter(offset: 2)),
    ("/a\\b", .forbiddenCharacter(offset: 2)), ("/a%5cb", .forbiddenCharacter(offset: 2)),
    ("/a%00", .forbiddenCharacter(offset: 2)), ("/a\u{0}", .forbiddenCharacter(offset: 2)),
    ("/a%0d%0a", .forbiddenCharacter(offset: 2)), ("/a%7f", .forbiddenCharacter(offset: 2)),
    ("/a%", .badEscape(offset: 2)), ("/a%4", .badEscape(offset: 2)), ("/a%zz", .badEscape(offset: 2)),
    ("/a%+1", .badEscape(offset: 2)), ("/%ff", .notUTF8), ("/%c0%af", .notUTF8),
  ])
  func `Paths that two readers could understand differently are refused`(path: String, error: PathError) {
    #expect(throws: error) { try RequestPath.parse(path) }
  }

  @Test func `Bytes that are no UTF-8 are refused`() {
    #expect(throws: PathError.notUTF8) { try RequestPath.parse([0x2F, 0xFF]) }
  }

  @Test(arguments: [
    (custom + "/namespaces/ns/pods/%2a/foo", "/namespaces/ns/pods/*/foo"),
    (custom + "/namespaces/ns/deployments.apps/d/a@b:c|d~E", "/namespaces/ns/deployments.apps/d/a@b:c%7Cd~E"),
    (custom + "/nodes/n1/a%3Fb%23c%25d e", "/nodes/n1/a%3Fb%23c%25d%20e"),
    (custom + "/namespaces/ns/metrics/foo", "/namespaces/ns/metrics/foo"),
    (custom + "/namespaces/ns/namespaces/x/foo", "/namespaces/ns/namespaces/x/foo"),
  ])
  func `The path to a backend is encoded anew and means the same`(path: String, expected: String) throws {
    let request = try metric(path)
    let sent = request.path(for: .customV1Beta1)
    #expect(sent == "/apis/custom.metrics.k8s.io/v1beta1" + expected)
    var back = try metric(sent)
    #expect(back.groupVersion == .customV1Beta1)
    back.groupVersion = .customV1Beta2
    #expect(back == request)
  }

  @Test func `An external path to a backend names the namespace and the metric`() throws {
    let request = try metric(Self.external + "/namespaces/ns/datadogmetric@ns:name")
    #expect(request.path(for: .externalV1Beta1) == Self.external + "/namespaces/ns/datadogmetric@ns:name")
  }

  @Test func `Every byte in a metric name survives the way to a backend or is refused`() throws {
    for byte in UInt8.min...UInt8.max {
      let text =
        "/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/a%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      guard let path = try? RequestPath.parse(text), case .metric(let request) = path.endpoint else {
        #expect(byte < 0x20 || byte >= 0x7F || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\"))
        continue
      }
      #expect(request.metric == "a" + String(UnicodeScalar(byte)))
      #expect(try metric(request.path(for: .externalV1Beta1)) == request)
    }
  }
}

/// The metric request that `path` is; fails the test when it is something else.
func metric(_ path: String) throws -> MetricRequest {
  let endpoint = try RequestPath.parse(path).endpoint
  guard case .metric(let request) = endpoint else {
    Issue.record("\(path) is \(endpoint)")
    throw PathError.notAbsolute
  }
  return request
}
