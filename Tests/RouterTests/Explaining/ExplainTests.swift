import EventLoop
import HTTP
import Kubernetes
import MetricsAPI
import Options
import Routing
import Synchronization
import Telemetry
import Testing

@testable import metrics_router_server

@Suite struct ExplainTests {
  /// The pages of a server whose two sources both list queue_length; the first falls through on NotFound.
  private func withPages(
    _ body: (RouterFixture, (String, [(String, String)]) async throws -> CurlResponse) async throws -> Void
  ) async throws {
    let router = try await RouterFixture(isOpen: true, backends: 2)
    var first = router.source(0)
    first.fallThrough = FallThroughSet([.notFound])
    router.route([first, router.source(1)], generation: 2)
    let loop = try EventLoop(name: "pages")
    let credentials = BackendCredentials()
    credentials.replace("router-token")
    let (tables, dialling) = (router.tables, router.dialling)
    let server = HTTPServer(loop: loop, tls: nil) { loop in
      let probe = CandidateProbe(
        loop: loop, dialling: dialling, limits: .init(), settings: ChainSettings(), credentials: credentials,
        logger: Logger(sink: DroppedLines()))
      return StatusPages([ExplainPage(tables: tables, probe: probe)], host: "127.0.0.1")
    }
    let port = try await server.start(try #require(SocketAddress("127.0.0.1", port: 0))).port
    try await body(router) { path, headers in
      try await router.transport.send(
        CurlRequest("GET", "http://127.0.0.1:\(port)\(path)", headers: headers.map { .init($0.0, $0.1) }))
    }
    _ = await server.drain(until: .now() + .milliseconds(100))
    loop.stop()
    await router.end()
  }

  @Test func `the page explains a metric by the table in force`() async throws {
    try await withPages { _, get in
      let answer = try await get("/debug/explain?metric=queue_length&namespace=ns", [])
      #expect(answer.status == 200)
      #expect(
        answer.text == """
          external metric queue_length
            answered by adapter (priority 1) at https://adapter.ns.svc:443
            asked after NotFound: adapter-1 (priority 0) at https://adapter-1.ns.svc:443
              it lists it

          """)
    }
  }

  @Test func `asking shows what each candidate says, side by side`() async throws {
    try await withPages { router, get in
      router.backends[0].script.withLock {
        $0.status = 404
        $0.body = #"{"kind":"Status","message":"no such metric"}"#
      }
      router.backends[1].script.withLock { $0.body = #"{"items":[{"value":"42"},{"value":"1500m"}]}"# }
      let answer = try await get(
        "/debug/explain?metric=queue_length&namespace=ns&selector=a%3Db&ask=true", [])
      let lines = answer.text.split(separator: "\n").suffix(3).map { $0.split(separator: " ").map(String.init) }
      #expect(lines[0] == ["SOURCE", "CODE", "LATENCY", "OUTCOME", "SAYS"])
      #expect(lines[1][0...1] == ["adapter", "404"])
      #expect(lines[1][3...] == ["NotFound,", "falls", "through", "no", "such", "metric"])
      #expect(lines[2][0...1] == ["adapter-1", "200"])
      #expect(lines[2][3...] == ["answer", "42", "1500m", "(2", "items)"])
      let sent = router.backends.map { $0.requests.withLock { $0.first ?? "" } }
      for request in sent {
        #expect(
          request.hasPrefix(
            "GET /apis/external.metrics.k8s.io/v1beta1/namespaces/ns/queue_length?labelSelector=a%3Db\n"))
        #expect(request.contains("authorization: Bearer router-token"))
      }
      #expect(!answer.text.contains("router-token"))
    }
  }

  @Test(arguments: [
    ("/debug/explain", "name a metric"), ("/debug/explain?metric=a/b/c", "name the resource and the metric"),
    ("/debug/explain?metric=a&selector=a%3D%3D%3D", "cannot be read"),
    ("/debug/explain?metric=a&selector=metricsrouter.io/source", "name one MetricsSource"),
    ("/debug/explain?metric=pods/foo&namespace=ns&object=..", "no request can name"),
    ("/debug/explain?metric=a&selector=%zz", "cannot be decoded"), ("/debug/explain?metric=a&ask=1", "true or false"),
    ("/debug/explain?metric=a&name=b", "no parameter name"),
  ])
  func `a question that cannot be read is told so`(_ path: String, _ advice: String) async throws {
    try await withPages { _, get in
      let answer = try await get(path, [])
      #expect(answer.status == 400)
      #expect(answer.text.contains(advice))
    }
  }

  @Test func `a page is not shown under another server's name`() async throws {
    try await withPages { _, get in
      let answers = [
        try await get("/", [("Host", "evil.example.com")]),
        try await get("/", [("Host", "127.0.0.1.evil.example.com")]), try await get("/", [("Host", "10.1.2.3:8083")]),
        try await get("/", [("Host", "localhost:1")]), try await get("/nothing", []),
        try await get("/", [("Sec-Fetch-Site", "cross-site")]),
        try await get("/", [("Origin", "https://evil.example.com")]),
      ]
      #expect(answers.map(\.status) == [403, 403, 200, 200, 404, 403, 403])
      #expect(answers[3].text.hasPrefix("/debug/explain?metric="))
    }
  }

  @Test func `the pin is told from the rest of the selector`() throws {
    let asked = try ExplainQuestion(
      metric: "pods/foo", namespace: "ns", selector: "verb=GET,metricsrouter.io/source=queues", object: "web-0",
      objectSelector: "app=web")
    #expect(asked.pin == "queues")
    #expect(asked.query.encoded() == "labelSelector=app%3Dweb&metricLabelSelector=verb%3DGET")
    #expect(asked.request.objectName == "web-0")
  }
}
