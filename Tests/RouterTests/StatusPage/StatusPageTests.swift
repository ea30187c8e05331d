import EventLoop
import Foundation
import HTTP
import Kubernetes
import MetricsAPI
import Routing
import Synchronization
import Telemetry
import Testing

@testable import metrics_router_server

@Suite struct StatusPageTests {
  private let browser = [("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")]

  /// The pages of a server with two sources that both list pods/foo and queue_length.
  private func withPages(
    searches: InFlight = InFlight(limit: 2),
    _ body: (RouterFixture, (String, [(String, String)]) async throws -> CurlResponse) async throws -> Void
  ) async throws {
    let router = try await RouterFixture(isOpen: true, backends: 2)
    router.route([router.source(0), router.source(1)], generation: 7)
    let loop = try EventLoop(name: "pages")
    let (tables, dialling, metrics) = (router.tables, router.dialling, router.metrics)
    let view = StatusView(
      tables: tables, metrics: metrics, history: SourceHistory(metrics, tables: tables), workers: 1)
    let server = HTTPServer(loop: loop, tls: nil) { loop in
      let probe = CandidateProbe(
        loop: loop, dialling: dialling, limits: .init(), settings: ChainSettings(), credentials: BackendCredentials(),
        logger: Logger(sink: DroppedLines()))
      return StatusPages(
        [
          ExplainPage(tables: tables, probe: probe), StatusReportPage(view: view),
          RoutesPage(tables: tables, searches: searches),
        ], host: "127.0.0.1")
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

  private struct Status: Decodable {
    struct Table: Decodable {
      var generation: Int
      var sources: Int
      var metrics: Int
    }
    struct Source: Decodable {
      var name: String
      var state: String
      var requests: Int
      var errors: Int
      var listed: Int
      var latency: [Double?]
    }
    var table: Table?
    var states: [String: Int]
    var matches: Int
    var sources: [Source]
  }

  private struct Routes: Decodable {
    struct Candidate: Decodable, Equatable {
      var source: String
      var reason: String
      var isAsked: Bool
    }
    struct Metric: Decodable {
      var metric: String
      var isNamespaced: Bool
      var candidates: [Candidate]
    }
    var matches: Int?
    var metrics: [Metric]
    var after: String?
  }

  private func read<Value: Decodable>(_ answer: CurlResponse, as type: Value.Type = Value.self) throws -> Value {
    #expect(answer.status == 200)
    #expect(answer.head["content-type"] == "application/json")
    return try JSONDecoder().decode(type, from: Data(answer.body))
  }

  @Test func `the status tells the table and what became of each source's requests`() async throws {
    try await withPages { router, get in
      router.backends[0].script.withLock { $0.status = 500 }
      for _ in 0..<3 {
        _ = try await router.get("/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/queue_length")
      }
      let status: Status = try read(try await get("/debug/status", []))
      #expect(status.table?.generation == 7)
      #expect(status.table?.metrics == 2)
      #expect(status.sources.map(\.name) == ["adapter", "adapter-1"])
      #expect(status.sources.map(\.state) == ["failing", "ready"])
      #expect(status.states == ["failing": 1, "ready": 1])
      #expect(status.sources[0].requests == 3)
      #expect(status.sources[0].errors == 3)
      #expect(status.sources[0].listed == 2)
      #expect(status.sources[0].latency.count == HistoryRing.slotCount)
      #expect(status.sources[0].latency.last.flatMap { $0 } ?? 0 > 0)
      #expect(status.sources[1].latency.isEmpty)
      let some: Status = try read(try await get("/debug/status?q=ADAPTER-&limit=1", []))
      #expect(some.sources.map(\.name) == ["adapter-1"])
      let failing: Status = try read(try await get("/debug/status?state=failing&offset=0", []))
      #expect(failing.sources.map(\.name) == ["adapter"])
      let second: Status = try read(try await get("/debug/status?offset=1", []))
      #expect(second.sources.map(\.name) == ["adapter-1"])
      #expect(second.matches == 2)
    }
  }

  @Test func `all metrics are found a page at a time, each once, with those who lose it`() async throws {
    try await withPages { router, get in
      var first = router.source(0)
      first.listing = MetricsListing(external: (0..<120).map { "m\($0)" })
      var second = router.source(1)
      second.listing = MetricsListing(
        custom: [.init(resource: "pods", isNamespaced: false, name: "foo")], external: ["m5", "m200"])
      router.route([first, second], generation: 8)
      var names: [String] = []
      var after: String? = ""
      while let place = after {
        let page: Routes = try read(try await get("/debug/routes?limit=50&after=\(place)", []))
        #expect(page.matches == (place.isEmpty ? 122 : nil))
        names += page.metrics.map(\.metric)
        after = page.after
      }
      #expect(names.count == 122)
      #expect(Set(names).count == 122)
      let contested: Routes = try read(try await get("/debug/routes?contested=true", []))
      #expect(contested.metrics.map(\.metric) == ["m5"])
      #expect(contested.matches == 1)
      #expect(
        contested.metrics[0].candidates == [
          .init(source: "adapter", reason: "listed", isAsked: true),
          .init(source: "adapter-1", reason: "listed", isAsked: false),
        ])
      let ofOne: Routes = try read(try await get("/debug/routes?source=adapter-1&limit=1", []))
      #expect(ofOne.metrics.map(\.metric) == ["pods/foo"])
      #expect(ofOne.matches == 3)
      #expect(ofOne.after == "r:pods/foo")
      let found: Routes = try read(try await get("/debug/routes?q=M11&limit=3", []))
      #expect(found.metrics.map(\.metric) == ["m11", "m110", "m111"])
      #expect(found.matches == 11)
    }
  }

  @Test func `names come as they are, whatever is in them`() async throws {
    try await withPages { router, get in
      let names = ["<img src=x onerror=alert(1)>", "a\"b\\c\u{1}", "é&+%", "</script>", "\u{301}combining"]
      router.route { $0.listing = MetricsListing(external: names) }
      let routes: Routes = try read(try await get("/debug/routes", []))
      #expect(Set(routes.metrics.map(\.metric)) == Set(names))
      let rest: Routes = try read(try await get("/debug/routes?after=e%3A%3C%2Fscript%3E", []))
      #expect(
        rest.metrics.map(\.metric) == ["<img src=x onerror=alert(1)>", "a\"b\\c\u{1}", "é&+%", "\u{301}combining"])
      // A mark that combines with what is before it, as with the colon of a cursor.
      let last: Routes = try read(try await get("/debug/routes?after=e%3A%CC%81combining", []))
      #expect(last.metrics.map(\.metric) == [])
    }
  }

  @Test func `a claim that looks at the name alone counts among the candidates`() async throws {
    try await withPages { router, get in
      var claiming = router.source(1)
      claiming.priority = 9
      claiming.listing = MetricsListing()
      claiming.claims = [Claim(metrics: [Glob("queue*")])]
      router.route([router.source(0), claiming], generation: 9)
      let routes: Routes = try read(try await get("/debug/routes?q=queue", []))
      #expect(
        routes.metrics[0].candidates == [
          .init(source: "adapter-1", reason: "claimed", isAsked: true),
          .init(source: "adapter", reason: "listed", isAsked: false),
        ])
    }
  }

  @Test(arguments: [
    ("/debug/routes?limit=0", "limit is a number from 1 to 500"), ("/debug/routes?limit=501", "1 to 500"),
    ("/debug/routes?limit=x", "1 to 500"), ("/debug/routes?after=x", "after is what"),
    ("/debug/routes?contested=1", "contested is true or false"), ("/debug/routes?page=2", "no parameter page"),
    ("/debug/routes?q=%zz", "cannot be decoded"), ("/debug/status?limit=201", "1 to 200"),
    ("/debug/status?offset=-1", "0 to 1000000"), ("/debug/status?state=good", "state is one of"),
    ("/debug/explain?metric=a&output=yaml", "output is text or json"),
  ])
  func `a query that cannot be read is told so`(_ path: String, _ advice: String) async throws {
    try await withPages { _, get in
      let answer = try await get(path, [])
      #expect(answer.status == 400)
      #expect(answer.text.contains(advice))
    }
  }

  @Test func `more than a few do not search at once`() async throws {
    let searches = InFlight(limit: 1)
    try await withPages(searches: searches) { _, get in
      #expect(searches.enter())
      let turnedAway = try await get("/debug/routes", [])
      #expect(turnedAway.status == 429)
      searches.leave()
      let answered = try await get("/debug/routes", [])
      #expect(answered.status == 200)
      #expect(searches.value == 0)
    }
  }

  @Test func `before a table is there the status says so, and nothing is found`() async throws {
    let tables = TableHolder()
    let metrics = RouterMetrics(tables: tables, inFlight: InFlight(limit: 0))
    let view = StatusView(
      tables: tables, metrics: metrics, history: SourceHistory(metrics, tables: tables), workers: 2)
    let report = view.report(.init())
    #expect(report.table == nil)
    #expect(report.sources.isEmpty)
  }

  @Test func `an explanation is to be had in JSON, with what the candidates say`() async throws {
    struct Verdicts: Decodable {
      struct Source: Decodable {
        var name: String
      }
      struct Candidate: Decodable {
        var source: Source
        var asked: Bool
        var reason: String
        var why: String
      }
      struct Finding: Decodable {
        var source: String
        var code: Int
        var message: String?
      }
      var metric: String
      var type: String
      var refusal: String?
      var candidates: [Candidate]
      var findings: [Finding]?
    }
    try await withPages { router, get in
      let words = "<script>alert(1)</script>"
      router.backends[0].script.withLock {
        $0.status = 404
        $0.body = #"{"kind":"Status","message":"\#(words)"}"#
      }
      let asked: Verdicts = try read(
        try await get("/debug/explain?metric=queue_length&namespace=ns&output=json&ask=true", []))
      #expect(asked.metric == "queue_length")
      #expect(asked.type == "external")
      #expect(asked.candidates.map(\.source.name) == ["adapter", "adapter-1"])
      #expect(asked.candidates.map(\.asked) == [true, false])
      #expect(asked.candidates.map(\.reason) == ["Listed", "Listed"])
      #expect(asked.candidates.map(\.why) == ["lists it", "lists it"])
      #expect(asked.findings?.map(\.code) == [404, 200])
      #expect(asked.findings?[0].message == words)
      let nobody: Verdicts = try read(try await get("/debug/explain?metric=none&output=json", []))
      #expect(nobody.candidates.isEmpty)
      #expect(nobody.refusal == "external metric none is not provided by any metrics backend")
      #expect(nobody.findings == nil)
    }
  }

  @Test(arguments: [
    ([("User-Agent", "Mozilla/5.0")], 403), ([("User-Agent", "Mozilla/5.0"), ("X-Metrics-Router-Page", "yes")], 200),
    ([("User-Agent", "Mozilla/5.0"), ("Sec-Fetch-Site", "same-origin")], 200), ([("User-Agent", "curl/8")], 200),
  ])
  func `a page of another site cannot have sources asked, also where its browser does not name it`(
    _ headers: [(String, String)], _ status: Int
  ) async throws {
    try await withPages { router, get in
      let answer = try await get("/debug/explain?metric=queue_length&ask=true", headers)
      #expect(answer.status == status)
      #expect(router.backends[0].requests.withLock { $0.count } == (status == 200 ? 1 : 0))
      #expect(try await get("/debug/explain?metric=queue_length", headers).status == 200)
    }
  }

  @Test func `a request that all candidates left to the next one counts once for the one whose answer is given`()
    async throws
  {
    try await withPages { router, get in
      var (first, second) = (router.source(0), router.source(1))
      first.fallThrough = FallThroughSet([.serverError])
      second.fallThrough = FallThroughSet([.serverError])
      router.route([first, second], generation: 9)
      for backend in router.backends { backend.script.withLock { $0.status = 500 } }
      for _ in 0..<2 {
        #expect(try await router.get("/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/queue_length").status == 500)
      }
      let status: Status = try read(try await get("/debug/status", []))
      #expect(status.sources.map(\.requests) == [2, 2])
      #expect(status.sources.map(\.errors) == [2, 2])
      let given = #"metrics_router_exhausted_chains_total{source="adapter",outcome="ServerError"} 2"#
      #expect(String(decoding: router.metrics.registry.render(), as: UTF8.self).contains(given))
    }
  }

  @Test func `a browser gets the page, whose policy lets in nothing but what is in it`() async throws {
    try await withPages { _, get in
      let page = try await get("/", browser)
      #expect(page.status == 200)
      #expect(page.head["content-type"] == "text/html; charset=utf-8")
      #expect(page.body.count < 100_000)
      let policy = try #require(page.head["content-security-policy"])
      #expect(policy.hasPrefix("default-src 'none'; "))
      #expect(policy.contains("frame-ancestors 'none'"))
      #expect(!policy.contains("unsafe"))
      for (tag, directive) in [("style", "style-src"), ("script", "script-src")] {
        let start = try #require(page.text.range(of: "<\(tag)>"))
        let end = try #require(page.text.range(of: "</\(tag)>", range: start.upperBound..<page.text.endIndex))
        let content = Array(page.text[start.upperBound..<end.lowerBound].utf8)
        let digits = String(decoding: try #require(SHA256Digest.hexadecimal(content[...])), as: UTF8.self)
        let hash = policy.components(separatedBy: "\(directive) 'sha256-").last?.components(separatedBy: "'").first
        let bytes = try #require(hash.flatMap { Data(base64Encoded: $0) })
        #expect(bytes.map { String(format: "%02x", $0) }.joined() == digits)
      }
      let list = try await get("/", [])
      #expect(list.text.hasPrefix("/debug/explain?metric="))
    }
  }

  @Test func `no answer is kept, sniffed, or shown to another page`() async throws {
    try await withPages { _, get in
      for (path, headers) in [
        ("/", browser), ("/", []), ("/debug/status", []), ("/debug/routes", []), ("/debug/explain", []),
        ("/nothing", []),
        ("/debug/status", [("Host", "evil.example.com")]),
      ] {
        let head = try await get(path, headers).head
        #expect(head["cache-control"] == "no-store")
        #expect(head["x-content-type-options"] == "nosniff")
        #expect(head["referrer-policy"] == "no-referrer")
        #expect(head["cross-origin-resource-policy"] == "same-origin")
        #expect(head["content-security-policy"]?.contains("frame-ancestors 'none'") == true)
        #expect(head.headers.count { $0.name.lowercased() == "content-security-policy" } == 1)
      }
    }
  }

  @Test func `a link of another site leads to the page, and to nothing else`() async throws {
    try await withPages { _, get in
      let followed = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")]
      let answers = [
        try await get("/", browser + followed), try await get("/debug/explain?metric=a&ask=true", browser + followed),
        try await get("/debug/routes", browser + followed),
        try await get("/", browser + [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")]),
        try await get("/", browser + followed + [("Host", "evil.example.com")]),
      ]
      #expect(answers.map(\.status) == [200, 403, 403, 403, 403])
    }
  }
}
