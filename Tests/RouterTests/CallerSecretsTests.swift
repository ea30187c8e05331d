import HTTP
import Kubernetes
import Routing
import Synchronization
import TestSupport
import Testing

@testable import metrics_router_server

private let metric = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo"

/// What no backend gets, whatever a caller sends, and what no caller gets, whatever a backend answers.
@Suite struct CallerSecretsTests {
  /// All that says who a caller is or where he comes from, and what a proxy in between would act upon.
  private static let secrets: [(String, String)] =
    [
      "Authorization", "Cookie", "Proxy-Authorization", "Impersonate-User", "Impersonate-Group", "Impersonate-Uid",
      "Impersonate-Extra-Scopes", "X-Remote-User", "X-Remote-Group", "X-Remote-Uid", "X-Remote-Extra-Scopes",
      "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Uri", "X-Forwarded-Client-Cert",
      "Forwarded", "Via", "X-Real-IP", "X-Api-Key", "X-Amz-Security-Token", "X-Original-URL", "X-Rewrite-URL",
      "X-HTTP-Method-Override", "Referer", "Origin", "From", "Range", "If-None-Match", "If-Modified-Since",
      "Accept-Encoding", "Accept-Language", "Cache-Control", "Pragma", "Expect-CT", "Traceparent", "Baggage",
      "Proxy-Connection", "X-Anything-Else",
    ].map { ($0, "secret-of-the-caller") }

  @Test(arguments: [HTTPServer.http2, HTTPServer.http1], [HTTPServer.http2, HTTPServer.http1])
  func `of a caller's header fields none reaches a backend`(_ caller: String, _ spoken: String) async throws {
    let router = try await RouterFixture(isOpen: true, protocols: [caller], backendProtocols: [spoken])
    // curl itself keeps Proxy-Connection out of HTTP/2, where it has no meaning.
    let headers = Self.secrets.filter { caller == HTTPServer.http1 || $0.0 != "Proxy-Connection" }
    for path in [
      metric, metric + "?labelSelector=a%3Db", "/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/queue_length",
    ] {
      let answer = try await router.get(path, headers: headers + [("Host", "secret-of-the-caller")])
      #expect(answer.status == 200)
    }
    let requests = router.backend.requests.withLock { $0 }
    #expect(requests.count == 3)
    for request in requests {
      #expect(!request.contains("secret"))
      let names = Set(request.split(separator: "\n").dropFirst().compactMap { $0.split(separator: ":").first })
      let host: Set<Substring> = spoken == HTTPServer.http1 ? ["host"] : []
      #expect(names == host.union(["accept", "user-agent", "audit-id", "authorization"]))
      #expect(request.contains("authorization: Bearer router-token"))
    }
    await router.end()
  }

  @Test func `a caller's token and certificate that let him in go no further`() async throws {
    let router = try await RouterFixture()
    #expect(try await router.get(metric, headers: [("Authorization", "Bearer good")]).status == 200)
    let user = try router.users.issue("/CN=certified")
    #expect(try await router.get(metric, certificate: user).status == 200)
    let proxy = try router.frontProxies.issue("/CN=front-proxy-client")
    let proxied = [("X-Remote-User", "proxied"), ("X-Remote-Group", "team-a")]
    #expect(try await router.get(metric, headers: proxied, certificate: proxy).status == 200)
    let requests = router.backend.requests.withLock { $0 }.map { $0.lowercased() }
    #expect(requests.count == 3)
    for said in ["good", "certified", "proxied", "team-a", "jane", "x-remote"] {
      #expect(requests.allSatisfy { !$0.contains(said) }, "\(said)")
    }
    await router.end()
  }

  @Test func `over plain HTTP no token is sent, whatever the source says`() async throws {
    let body = #"{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{},"items":[]}"#
    let backend = try RawBackend(
      answering:
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    let router = try await RouterFixture(isOpen: true)
    router.route(generation: 2) {
      $0.backend = .init(scheme: .http, host: RouterFixture.rawHost, port: Int(backend.port))
      $0.sendsToken = true
    }
    let answer = try await router.get(metric, headers: [("Authorization", "Bearer callers-secret")])
    #expect(answer.status == 200)
    let request = try #require(backend.requests.first).lowercased()
    #expect(!request.contains("authorization"))
    #expect(!request.contains("token"))
    #expect(!request.contains("secret"))
    await router.end()
    backend.stop()
  }

  @Test func `where verification is skipped the token goes only as long as the source does not forbid it`() async throws
  {
    let router = try await RouterFixture(isOpen: true)
    for (generation, sendsToken) in [(UInt64(2), true), (3, false)] {
      router.route(generation: generation) {
        $0.tls.insecureSkipTLSVerify = true
        $0.tls.caBundle = nil
        $0.sendsToken = sendsToken
      }
      #expect(try await router.get(metric).status == 200)
      let last = router.backend.requests.withLock { $0.last }
      #expect(last?.contains("authorization: Bearer router-token") == sendsToken)
    }
    await router.end()
  }

  @Test(arguments: [300, 301, 302, 303, 304, 305, 307, 308], [HTTPServer.http2, HTTPServer.http1])
  func `a redirect is neither followed nor passed on`(_ status: Int, _ spoken: String) async throws {
    let router = try await RouterFixture(isOpen: true, backends: 2, backendProtocols: [spoken])
    router.backends[0].script.withLock {
      $0 = BackendResponder.Script(
        status: status, body: "",
        fields: [
          ("Location", "https://adapter-1.ns.svc/"), ("Refresh", "0;url=https://adapter-1.ns.svc/"),
          ("Set-Cookie", "a=b"), ("WWW-Authenticate", "Negotiate"), ("Alt-Svc", "h2=\":443\""),
          ("Access-Control-Allow-Origin", "*"), ("Strict-Transport-Security", "max-age=1"), ("X-Remote-User", "root"),
        ])
    }
    let answer = try await router.get(metric)
    #expect(answer.status == 502)
    #expect(answer.text.contains("metrics source adapter answered with unexpected status \(status)"))
    #expect(!answer.text.contains("adapter-1"))
    #expect(router.backends[0].requests.withLock { $0.count } == 1)
    #expect(router.backends[1].requests.withLock { $0.isEmpty })
    await router.end()
  }

  @Test(arguments: [200, 403, 404, 429, 500, 503])
  func `of a backend's header fields only those that mean something here reach the caller`(_ status: Int) async throws {
    let router = try await RouterFixture(isOpen: true)
    let names = [
      "Location", "Refresh", "Set-Cookie", "WWW-Authenticate", "Proxy-Authenticate", "Alt-Svc", "Server", "Link", "Via",
      "Access-Control-Allow-Origin", "Strict-Transport-Security", "Content-Location", "ETag", "X-Remote-User",
      "X-Kubernetes-Pf-Flowschema-Uid", "Warning", "Trailer", "Age", "Expires",
    ]
    router.backend.script.withLock {
      $0.status = status
      $0.fields = names.map { ($0, "said-by-the-backend") } + [("Retry-After", "7")]
    }
    let answer = try await router.get(metric)
    #expect(answer.status == status)
    #expect(answer.head.headers.allSatisfy { !$0.value.contains("said-by-the-backend") })
    let fields = Set(answer.head.headers.map { $0.name.lowercased() })
    let known: Set = [
      "content-type", "content-length", "date", "audit-id", "cache-control", "retry-after", "x-content-type-options",
    ]
    #expect(fields.subtracting(known) == [])
    await router.end()
  }
}
