import HTTP
import Kubernetes
import MetricsAPI
import Routing
import Synchronization
import Testing

@testable import metrics_router_server

private let foo = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/%2A/foo"

@Suite struct ForwardingTests {
  @Test(arguments: [HTTPServer.http2, HTTPServer.http1])
  func `the backend gets the same question, the router's token, and nothing of the caller's`(
    _ version: String
  ) async throws {
    let router = try await RouterFixture(isOpen: true, backendProtocols: [version])
    let headers = [
      ("Audit-Id", "request-1"),
      ("Authorization", "Bearer callers-secret"), ("Cookie", "a=b"), ("Impersonate-User", "root"),
      ("X-Remote-User", "root"), ("X-Forwarded-For", "10.0.0.1"),
    ]
    let answer = try await router.get(
      foo + "?labelSelector=app%3Dx%2Ctier+in+%28a%2Cb%29&pretty=true&other=1", headers: headers)
    #expect(answer.status == 200)
    let sent = try #require(router.backend.requests.withLock { $0.first })
    let lines = sent.split(separator: "\n").map(String.init)
    #expect(
      lines[0]
        == "GET /apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo?labelSelector=app%3Dx%2Ctier+in+%28a%2Cb%29"
    )
    let host: Set = version == HTTPServer.http1 ? ["host: adapter.ns.svc:443"] : []
    #expect(
      Set(lines.dropFirst())
        == host.union([
          "accept: application/json", "user-agent: router", "audit-id: request-1",
          "authorization: Bearer router-token",
        ]))
    #expect(answer.head["Audit-Id"] == "request-1")
    await router.end()
  }

  @Test func `a source that wants no token gets none`() async throws {
    let router = try await RouterFixture(isOpen: true)
    router.route(generation: 2) { $0.sendsToken = false }
    #expect(try await router.get(foo).status == 200)
    #expect(router.backend.requests.withLock { $0.first?.contains("authorization") } == false)
    await router.end()
  }

  @Test(arguments: [400, 403, 404, 429, 500, 503]) func `a backend's own refusal reaches the caller as it is`(
    _ status: Int
  ) async throws {
    let router = try await RouterFixture(isOpen: true)
    let body = #"{"kind":"Status","message":"said by the backend","code":\#(status)}"#
    router.backend.script.withLock {
      $0 = BackendResponder.Script(status: status, body: body, fields: [("Retry-After", "7"), ("Set-Cookie", "a=b")])
    }
    let answer = try await router.get(foo)
    #expect(answer.status == status)
    #expect(answer.text == body)
    #expect(answer.head["retry-after"] == "7")
    #expect(answer.head["set-cookie"] == nil)
    await router.end()
  }

  @Test(arguments: [
    BackendResponder.Script(status: 302, body: "", fields: [("Location", "https://elsewhere/")]),
    BackendResponder.Script(status: 401), BackendResponder.Script(status: 201),
    BackendResponder.Script(contentType: "text/html", body: "<html>welcome</html>"),
    BackendResponder.Script(body: ""), BackendResponder.Script(body: "null"),
    BackendResponder.Script(body: #"{"kind":"MetricValueList","items":["#),
    // Nobody has asked for it.
    BackendResponder.Script(contentType: "application/vnd.kubernetes.protobuf", body: "k8s\0\n\u{02}v1"),
  ])
  func `what is no answer becomes 502, never 200`(_ script: BackendResponder.Script) async throws {
    let router = try await RouterFixture(isOpen: true)
    router.backend.script.withLock { $0 = script }
    let answer = try await router.get(foo)
    #expect(answer.status == 502)
    #expect(answer.text.contains("metrics source adapter"))
    #expect(answer.head["location"] == nil)
    await router.end()
  }

  @Test func `a caller of v1beta1 gets v1beta1 from a backend that speaks v1beta2`() async throws {
    let router = try await RouterFixture(isOpen: true)
    router.backend.script.withLock {
      $0.body =
        #"{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{},"items":[{"describedObject":{"kind":"Pod","namespace":"ns","name":"a","apiVersion":"/v1"},"metric":{"name":"foo","selector":null},"timestamp":"2024-01-02T03:04:05Z","windowSeconds":60,"value":"1500m"}]}"#
    }
    let answer = try await router.get("/apis/custom.metrics.k8s.io/v1beta1/namespaces/ns/pods/*/foo")
    #expect(answer.status == 200)
    #expect(answer.text.contains(#""apiVersion":"custom.metrics.k8s.io/v1beta1""#))
    #expect(answer.text.contains(#""metricName":"foo""#))
    #expect(answer.text.contains(#""window":60"#))
    #expect(router.backend.requests.withLock { $0.first?.contains("/v1beta2/") } == true)
    await router.end()
  }

  @Test func `an unknown metric is told in the words that users know`() async throws {
    let router = try await RouterFixture(isOpen: true)
    let custom = try await router.get("/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/bar")
    #expect(custom.status == 404)
    #expect(custom.text.contains(#""message":"custom metric bar is not provided by any metrics backend""#))
    let external = try await router.get("/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/bar")
    #expect(external.status == 404)
    #expect(external.text.contains(#""message":"external metric bar is not provided by any metrics backend""#))
    #expect(router.backend.requests.withLock { $0.isEmpty })
    await router.end()
  }

  @Test func `a backend that is gone is 503 with the source's name and the cause`() async throws {
    let router = try await RouterFixture(isOpen: true)
    router.route(generation: 2) { $0.backend.port = 1 }
    let answer = try await router.get(foo)
    #expect(answer.status == 503)
    #expect(answer.text.contains("metrics source adapter: cannot resolve adapter.ns.svc"))
    await router.end()
  }

  @Test func `a backend whose certificate is not trusted is never sent the token`() async throws {
    let router = try await RouterFixture(isOpen: true)
    router.route(generation: 2) { $0.tls.serverName = "other.ns.svc" }
    let answer = try await router.get(foo)
    #expect(answer.status == 503)
    #expect(answer.text.contains("hostname mismatch"))
    #expect(router.backend.requests.withLock { $0.isEmpty })
    await router.end()
  }

  @Test(arguments: ["POST", "PUT", "DELETE", "PATCH"]) func `only reading is allowed`(_ method: String) async throws {
    let router = try await RouterFixture(isOpen: true)
    let answer = try await router.get(foo, method: method)
    #expect(answer.status == 405)
    #expect(answer.text.contains("the server does not allow this method on the requested resource"))
    await router.end()
  }

  @Test(arguments: [
    ("/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/..%2fx/foo", 400),
    ("/apis/custom.metrics.k8s.io/v1beta2/namespaces//pods/x/foo", 400),
    ("/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/x/foo%00", 400),
    ("/apis/custom.metrics.k8s.io/v1beta9/namespaces/ns/pods/x/foo", 404), ("/nothing", 404), ("/apis/apps", 404),
  ])
  func `paths that name nothing, or could be read in two ways, end here`(_ path: String, _ status: Int) async throws {
    let router = try await RouterFixture(isOpen: true)
    #expect(try await router.get(path).status == status)
    #expect(router.backend.requests.withLock { $0.isEmpty })
    await router.end()
  }

  @Test func `a path longer than any name is refused before anybody is asked about it`() async throws {
    let router = try await RouterFixture()
    let path = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/x/" + String(repeating: "f", count: 5000)
    #expect(try await router.get(path).status == 414)
    #expect(router.api.state.withLock { $0.accessReviews.isEmpty })
    await router.end()
  }

  @Test func `a new table counts from the next request on`() async throws {
    let router = try await RouterFixture(isOpen: true)
    #expect(try await router.get(foo).status == 200)
    router.route(generation: 2) { $0.listing = MetricsListing() }
    #expect(try await router.get(foo).status == 404)
    await router.end()
  }
}
