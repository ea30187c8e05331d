import Kubernetes
import Synchronization
import TestSupport
import Testing

@testable import metrics_router_server

private let custom = "/apis/custom.metrics.k8s.io/v1beta2"
private let external = "/apis/external.metrics.k8s.io/v1beta1"
private let foo = custom + "/namespaces/ns/pods/*/foo"

@Suite struct AccessReviewTests {
  private let good = [("Authorization", "Bearer good")]

  /// Answers each SubjectAccessReview with this status.
  private func answer(_ router: RouterFixture, _ status: String, code: Int = 201) {
    router.api.state.withLock { state in
      state.script = { request in
        guard request.path.hasSuffix("/subjectaccessreviews") else { return nil }
        return .success(APIResponse(status: code, body: Array(#"{"status":\#(status)}"#.utf8)))
      }
    }
  }

  private struct Row: Sendable, CustomTestStringConvertible {
    var path: String
    var verb: String
    var resource = ""
    var name = ""
    var subresource = ""
    var namespace = ""
    var testDescription: String { path }
  }

  private static let table = [
    Row(path: foo, verb: "get", resource: "pods", name: "*", subresource: "foo", namespace: "ns"),
    Row(
      path: custom + "/namespaces/ns/deployments.apps/d/foo", verb: "get", resource: "deployments.apps", name: "d",
      subresource: "foo", namespace: "ns"),
    Row(path: custom + "/nodes/n1/foo", verb: "get", resource: "nodes", name: "n1", subresource: "foo"),
    Row(
      path: custom + "/namespaces/ns/metrics/foo", verb: "get", resource: "metrics", name: "foo", namespace: "ns"),
    Row(path: external + "/namespaces/ns/qlen", verb: "list", resource: "qlen", namespace: "ns"),
    Row(
      path: external + "/namespaces/ns/status", verb: "get", resource: "namespaces", name: "ns", subresource: "status",
      namespace: "ns"),
    Row(
      path: external + "/namespaces/ns/finalize", verb: "get", resource: "namespaces", name: "ns",
      subresource: "finalize", namespace: "ns"),
    Row(path: external + "/namespaces/ns/qlen?watch=true", verb: "watch", resource: "qlen", namespace: "ns"),
    Row(path: custom, verb: "get"),
    Row(path: "/version", verb: "get"),
  ]

  @Test(arguments: table) private func `each path is asked about as an aggregated API server would`(
    _ row: Row
  ) async throws {
    let router = try await RouterFixture()
    _ = try await router.get(row.path, headers: good)
    let asked = try #require(router.api.state.withLock { $0.accessReviews.first })
    await router.end()
    guard !row.resource.isEmpty else {
      #expect(asked.nonResourceAttributes == .init(path: row.path, verb: row.verb))
      #expect(asked.resourceAttributes == nil)
      return
    }
    #expect(asked.nonResourceAttributes == nil)
    let attributes = try #require(asked.resourceAttributes)
    let group = row.path.hasPrefix(custom) ? "custom.metrics.k8s.io" : "external.metrics.k8s.io"
    let version = row.path.hasPrefix(custom) ? "v1beta2" : "v1beta1"
    #expect(
      attributes
        == .init(
          namespace: row.namespace, verb: row.verb, group: group, version: version, resource: row.resource,
          subresource: row.subresource, name: row.name))
  }

  @Test func `the review is told all that is known of the user`() async throws {
    let router = try await RouterFixture()
    let proxy = try router.frontProxies.issue("/CN=front-proxy-client")
    var data = try router.configMap()
    data["requestheader-uid-headers"] = #"["X-Remote-Uid"]"#
    router.delegated.replace(try DelegatedConfiguration(data))
    let headers = [
      ("X-Remote-User", "proxied"), ("X-Remote-Uid", "42"), ("X-Remote-Group", "a"), ("X-Remote-Extra-K", "v"),
    ]
    #expect(try await router.get(foo, headers: headers, certificate: proxy).status == 200)
    let asked = try #require(router.api.state.withLock { $0.accessReviews.first })
    #expect(asked.user == "proxied")
    #expect(asked.uid == "42")
    #expect(asked.groups == ["a", "system:authenticated"])
    #expect(asked.extra == ["k": ["v"]])
    await router.end()
  }

  @Test func `allow and deny count for as long as their flags say`() async throws {
    var options = AuthenticationOptions()
    options.allowedLifetime = .seconds(10)
    options.deniedLifetime = .milliseconds(200)
    let router = try await RouterFixture(options: options)
    for _ in 0..<3 {
      #expect(try await router.get(foo, headers: good).status == 200)
      #expect(try await router.get(foo).status == 403)
    }
    #expect(router.api.state.withLock { $0.accessReviews.map(\.user) } == ["jane", "system:anonymous"])
    try await Task.sleep(for: .milliseconds(250))
    #expect(try await router.get(foo, headers: good).status == 200)
    #expect(try await router.get(foo).status == 403)
    #expect(
      router.api.state.withLock { $0.accessReviews.map(\.user) } == ["jane", "system:anonymous", "system:anonymous"])
    await router.end()
  }

  @Test func `a cached allow ends with its lifetime, and then fails closed`() async throws {
    var options = AuthenticationOptions()
    options.allowedLifetime = .milliseconds(200)
    let router = try await RouterFixture(options: options)
    #expect(try await router.get(foo, headers: good).status == 200)
    router.api.state.withLock { $0.isDown = true }
    #expect(try await router.get(foo, headers: good).status == 200)
    try await Task.sleep(for: .milliseconds(250))
    #expect(try await router.get(foo, headers: good).status == 500)
    #expect(router.backend.requests.withLock { $0.count } == 2)
    await router.end()
  }

  @Test(arguments: [
    (#"{"allowed":true}"#, 200), (#"{"allowed":true,"evaluationError":"one role is missing"}"#, 200),
    (#"{"allowed":false,"evaluationError":"one role is missing"}"#, 403), (#"{"allowed":false}"#, 403),
    (#"{"allowed":false,"denied":true}"#, 403), (#"{"allowed":true,"denied":true}"#, 403), ("null", 500), ("{}", 500),
  ])
  func `only what is allowed and not denied may pass`(_ status: String, _ code: Int) async throws {
    let router = try await RouterFixture()
    answer(router, status)
    for _ in 0..<2 { #expect(try await router.get(foo, headers: good).status == code) }
    #expect(router.api.state.withLock { $0.accessReviews.count } == (code == 500 ? 2 : 1))
    #expect(router.backend.requests.withLock { $0.count } == (code == 200 ? 2 : 0))
    await router.end()
  }

  @Test func `a router that may not ask lets nobody pass`() async throws {
    let router = try await RouterFixture()
    answer(router, "null", code: 403)
    #expect(try await router.get(foo, headers: good).status == 500)
    #expect(router.outcomes.results(.access) == [.error])
    await router.end()
  }

  @Test func `system:masters may always, without a review`() async throws {
    let router = try await RouterFixture()
    router.api.state.withLock { $0.isDown = true }
    let admin = try router.users.issue("/O=system:masters/CN=admin")
    #expect(try await router.get(foo, certificate: admin).status == 200)
    let proxy = try router.frontProxies.issue("/CN=front-proxy-client")
    let headers = [("X-Remote-User", "system:kube-aggregator"), ("X-Remote-Group", "system:masters")]
    #expect(try await router.get(custom, headers: headers, certificate: proxy).status == 200)
    await router.end()
  }

  @Test func `names that only look the same are asked about apart`() async throws {
    let router = try await RouterFixture()
    for name in ["caf%C3%A9", "cafe%CC%81", "caf%C3%A9"] {
      _ = try await router.get(custom + "/namespaces/ns/pods/\(name)/foo", headers: good)
    }
    let names = router.api.state.withLock { $0.accessReviews.map { Array(($0.resourceAttributes?.name ?? "").utf8) } }
    #expect(names == [Array("caf\u{e9}".utf8), Array("cafe\u{301}".utf8)])
    await router.end()
  }

  @Test func `what differs in method or watching only is asked about apart`() async throws {
    let router = try await RouterFixture()
    let path = external + "/namespaces/ns/queue_length"
    _ = try await router.get(path, headers: good)
    _ = try await router.get(path + "?watch=true", headers: good)
    _ = try await router.get(path, method: "DELETE", headers: good)
    let verbs = router.api.state.withLock { $0.accessReviews.map { $0.resourceAttributes?.verb } }
    #expect(verbs == ["list", "watch", "deletecollection"])
    await router.end()
  }

  @Test func `random paths are turned away beyond a bound, and do not keep out known users`() async throws {
    let router = try await RouterFixture()
    let (stream, release) = AsyncStream.makeStream(of: Void.self)
    router.api.state.withLock { state in
      state.script = { request in
        guard String(decoding: request.body ?? [], as: UTF8.self).contains("system:anonymous") else { return nil }
        for await _ in stream {}
        return nil
      }
    }
    try await withThrowingTaskGroup(of: CurlResponse.self) { group in
      for number in 0..<60 {
        group.addTask { try await router.get(custom + "/namespaces/ns/pods/\(number)/foo") }
      }
      for _ in 0..<10 {
        let answer = try #require(await group.next())
        #expect(answer.status == 429)
        #expect(answer.head["retry-after"] == "1")
      }
      #expect(try await router.get(foo, headers: good).status == 200)
      release.finish()
      for try await answer in group { #expect(answer.status == 403) }
    }
    await router.end()
  }

  @Test func `that somebody may read does not mean that it may do otherwise`() async throws {
    let router = try await RouterFixture()
    for method in ["GET", "GET", "DELETE", "GET", "DELETE"] {
      _ = try await router.get(foo, method: method, headers: good)
    }
    let verbs = router.api.state.withLock { $0.accessReviews.map { $0.resourceAttributes?.verb } }
    #expect(verbs == ["get", "delete"])
    await router.end()
  }
}
