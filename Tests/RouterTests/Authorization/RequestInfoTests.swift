import HTTP
import MetricsAPI
import RequestInfo
import Testing

@testable import metrics_router_server

private let custom = "/apis/custom.metrics.k8s.io/v1beta2"
private let external = "/apis/external.metrics.k8s.io/v1beta1"

/// What a path means to Kubernetes (``RequestInfo``), to a review, and to a backend.
@Suite struct RequestInfoTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var path: String
    var verb: String
    var resource = ""
    var name = ""
    var subresource = ""
    var namespace = ""
    /// What a backend is sent, behind its group and version; nil where the path is no metric's.
    var sent: String?
    var testDescription: String { path }
  }

  private static let reads = [
    Row(
      path: custom + "/namespaces/ns/pods/%2A/foo", verb: "get", resource: "pods", name: "*", subresource: "foo",
      namespace: "ns", sent: "/namespaces/ns/pods/*/foo"),
    Row(
      path: custom + "/namespaces/ns/deployments.apps/d/foo", verb: "get", resource: "deployments.apps", name: "d",
      subresource: "foo", namespace: "ns", sent: "/namespaces/ns/deployments.apps/d/foo"),
    Row(
      path: custom + "/namespaces/ns/services/s/a%40b:c%7Cd~e%20f", verb: "get", resource: "services", name: "s",
      subresource: "a@b:c|d~e f", namespace: "ns", sent: "/namespaces/ns/services/s/a@b:c%7Cd~e%20f"),
    Row(
      path: custom + "/namespaces/ns/pods/x/caf%C3%A9", verb: "get", resource: "pods", name: "x",
      subresource: "caf\u{e9}", namespace: "ns", sent: "/namespaces/ns/pods/x/caf%C3%A9"),
    Row(
      path: custom + "/namespaces/ns/pods/x/%252F", verb: "get", resource: "pods", name: "x", subresource: "%2F",
      namespace: "ns", sent: "/namespaces/ns/pods/x/%252F"),
    Row(
      path: custom + "/nodes/n1/foo", verb: "get", resource: "nodes", name: "n1", subresource: "foo",
      sent: "/nodes/n1/foo"),
    Row(
      path: custom + "/%6Eodes/n1/foo", verb: "get", resource: "nodes", name: "n1", subresource: "foo",
      sent: "/nodes/n1/foo"),
    Row(
      path: custom + "/namespaces/ns/metrics/foo", verb: "get", resource: "metrics", name: "foo", namespace: "ns",
      sent: "/namespaces/ns/metrics/foo"),
    Row(
      path: custom + "/namespaces/*/metrics/foo", verb: "get", resource: "metrics", name: "foo", namespace: "*",
      sent: "/namespaces/*/metrics/foo"),
    Row(
      path: external + "/namespaces/ns/qlen", verb: "list", resource: "qlen", namespace: "ns",
      sent: "/namespaces/ns/qlen"),
    Row(
      path: external + "/namespaces/ns/status", verb: "get", resource: "namespaces", name: "ns", subresource: "status",
      namespace: "ns", sent: "/namespaces/ns/status"),
    Row(
      path: external + "/namespaces/ns/finalize", verb: "get", resource: "namespaces", name: "ns",
      subresource: "finalize", namespace: "ns", sent: "/namespaces/ns/finalize"),
    Row(
      path: external + "/namespaces/proxy/watch", verb: "list", resource: "watch", namespace: "proxy",
      sent: "/namespaces/proxy/watch"),
  ]

  private static let others = [
    Row(path: custom, verb: "get"),
    Row(path: custom + "/", verb: "get"),
    Row(path: "/healthz", verb: "get"),
    Row(path: "/", verb: "get"),
    Row(path: "/api/v1", verb: "get"),
    Row(path: custom + "/nodes", verb: "list", resource: "nodes"),
    Row(path: custom + "/namespaces", verb: "list", resource: "namespaces"),
    Row(path: custom + "/namespaces/ns", verb: "get", resource: "namespaces", name: "ns", namespace: "ns"),
    Row(path: custom + "/namespaces/ns/foo", verb: "list", resource: "foo", namespace: "ns"),
    Row(path: custom + "/namespaces/ns/metrics", verb: "list", resource: "metrics", namespace: "ns"),
    Row(
      path: custom + "/namespaces/ns/status/x/foo", verb: "get", resource: "namespaces", name: "ns",
      subresource: "status", namespace: "ns"),
    Row(
      path: custom + "/namespaces/ns/pods/x/foo/bar", verb: "get", resource: "pods", name: "x", subresource: "foo",
      namespace: "ns"),
    Row(path: custom + "/watch/nodes/n1/foo", verb: "watch", resource: "nodes", name: "n1", subresource: "foo"),
    Row(path: custom + "/proxy/nodes/n1/foo", verb: "proxy", resource: "nodes", name: "n1"),
    Row(path: "/apis/apps/v1/deployments/d", verb: "get", resource: "deployments", name: "d"),
  ]

  @Test(arguments: reads) func `a metric's path is authorized, looked up and sent as one and the same`(_ row: Row)
    throws
  {
    let read = try target(row.path)
    try check(read, row)
    guard case .metric(let request) = read.path.endpoint else {
      Issue.record("no metric")
      return
    }
    let sent = BackendTarget(request, try read.query.get()).text(for: request.groupVersion)
    #expect(sent == request.groupVersion.path + (row.sent ?? ""))
    let text = try #require(RequestInfo.decode(sent.utf8))
    #expect(RequestInfo(method: "GET", path: text) == RequestInfo(method: "GET", path: read.path.text))
    #expect(try target(sent).path.endpoint == read.path.endpoint)
  }

  @Test(arguments: others) func `what is no metric's path is authorized as an API server would`(_ row: Row) throws {
    let read = try target(row.path)
    try check(read, row)
    if case .metric = read.path.endpoint { Issue.record("a metric") }
  }

  @Test(arguments: [
    custom + "//namespaces/ns/pods/x/foo", custom + "/namespaces/ns//pods/x/foo", "/" + custom + "/nodes/n1/foo",
    custom + "/nodes/n1/foo/", custom + "/namespaces/ns/metrics/foo/", external + "/namespaces/ns/qlen/",
    custom + "/namespaces/ns/pods/a%2Fb/foo", custom + "/namespaces/ns/pods/a%2fb/foo", custom + "%2Fnodes/n1/foo",
    custom + "/namespaces/ns/pods/a%5Cb/foo", custom + #"/namespaces/ns/pods/a\b/foo"#,
    custom + "/namespaces/../nodes/n1/foo", custom + "/namespaces/%2e%2E/pods/x/foo", custom + "/./nodes/n1/foo",
    custom + "/nodes/n1/foo%00", custom + "/nodes/n1/foo%0A", custom + "/nodes/n1/foo%7F", custom + "/nodes/n1/%FF",
    custom + "/nodes/n1/%", custom + "/nodes/n1/%4", custom + "/nodes/n1/%4g",
  ])
  func `a path that two could read differently is read by nobody`(_ path: String) {
    #expect(throws: PathError.self) { try RequestPath.parse(Array(path.utf8)) }
  }

  @Test func `an error of RequestInfo is no metric's path`() throws {
    for path in [custom + "/watch", custom + "/proxy"] {
      #expect(RequestInfo(method: "GET", path: path) == nil)
      #expect(try target(path).path.endpoint == .unknown)
    }
  }

  private func check(_ read: ReadTarget, _ row: Row) throws {
    let text = try #require(RequestInfo.decode(row.path.utf8))
    let info = try #require(RequestInfo(method: "GET", path: text))
    let asked = read.path.attributes()
    #expect([info.verb, info.resource, info.name, info.subresource, info.namespace] == row.meaning)
    #expect([asked.verb, asked.resource, asked.name, asked.subresource, asked.namespace] == row.meaning)
    #expect(asked.isResourceRequest == info.isResourceRequest)
    #expect(asked.group == info.group || !info.isResourceRequest)
    #expect(asked.version == info.version || !info.isResourceRequest)
  }

  private func target(_ path: String) throws -> ReadTarget {
    var parser = HTTP1RequestParser()
    let head = try Array("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n".utf8).withUnsafeBytes { try parser.parse($0) }
    guard case .complete(let request, _) = head else { throw PathError.notAbsolute }
    return try ReadTarget(request)
  }
}

extension RequestInfoTests.Row {
  fileprivate var meaning: [String] { [verb, resource, name, subresource, namespace] }
}
