import Kubernetes
import Routing
import Synchronization
import Telemetry
import Testing

@testable import metrics_router_server

private let queue = "/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/queue_length"

@Suite struct FallThroughTests {
  /// A router in front of `count` backends that all list the metric; each falls through on what `fallThrough` says for it.
  private func router(_ fallThrough: [[FallThrough]], chain: ChainSettings = .init()) async throws -> RouterFixture {
    let router = try await RouterFixture(isOpen: true, backends: fallThrough.count, chain: chain)
    router.route(sources(router, fallThrough), generation: 2)
    return router
  }

  private func sources(_ router: RouterFixture, _ fallThrough: [[FallThrough]]) -> [RoutedSource] {
    fallThrough.enumerated().map { index, outcomes in
      var source = router.source(index)
      source.fallThrough = FallThroughSet(outcomes)
      return source
    }
  }

  private func script(_ router: RouterFixture, _ index: Int, _ status: Int, _ body: String? = nil) {
    router.backends[index].script.withLock {
      $0 = BackendResponder.Script(status: status, body: body ?? #"{"by":\#(index),"items":[\#(index)]}"#)
    }
  }

  private func asked(_ router: RouterFixture) -> [Int] { router.backends.map { $0.requests.withLock { $0.count } } }

  private func body(_ answer: CurlResponse) -> String { String(decoding: answer.body, as: UTF8.self) }

  @Test(arguments: [
    (404, FallThrough.notFound), (400, .notFound), (500, .serverError), (501, .serverError), (302, .serverError),
    (503, .unavailable), (502, .unavailable), (504, .unavailable), (429, .unavailable), (401, .unavailable),
    (403, .unavailable),
  ])
  func `the next candidate is asked after an outcome that the source names, and after no other`(
    _ status: Int, _ outcome: FallThrough
  ) async throws {
    let router = try await router([[outcome], []])
    script(router, 0, status)
    script(router, 1, 200)
    #expect(body(try await router.get(queue)) == #"{"by":1,"items":[1]}"#)

    router.route(
      sources(router, [FallThrough.allCases.filter { $0 != outcome }, []]), generation: 3)
    let refused = try await router.get(queue)
    #expect(refused.status >= 400)
    #expect(asked(router) == [2, 1])
    await router.end()
  }

  @Test(arguments: [#"{"items":[]}"#, #"{"items":null}"#, #"{"kind":"ExternalMetricValueList"}"#])
  func `an empty list falls through where the source says so, and is an answer otherwise`(_ empty: String) async throws
  {
    let router = try await router([[.empty], []])
    script(router, 0, 200, empty)
    script(router, 1, 200)
    #expect(body(try await router.get(queue)) == #"{"by":1,"items":[1]}"#)
    router.route(sources(router, [[.notFound], []]), generation: 3)
    #expect(body(try await router.get(queue)) == empty)
    #expect(asked(router) == [2, 1])
    await router.end()
  }

  @Test func `an answer with items is never mixed with another`() async throws {
    let router = try await router([FallThrough.allCases, FallThrough.allCases])
    script(router, 0, 200)
    script(router, 1, 200)
    #expect(body(try await router.get(queue)) == #"{"by":0,"items":[0]}"#)
    #expect(asked(router) == [1, 0])
    await router.end()
  }

  @Test func `a list that cannot be read is no empty list`() async throws {
    let router = try await router([[.empty], []])
    script(router, 0, 200, #"{"items":[}"#)
    script(router, 1, 200)
    #expect(try await router.get(queue).status == 502)
    #expect(asked(router) == [1, 0])
    await router.end()
  }

  @Test func `an exhausted chain answers what the first source said`() async throws {
    let router = try await router([[.notFound], [.serverError], [.empty, .notFound]])
    script(router, 0, 404, #"{"kind":"Status","message":"first"}"#)
    script(router, 1, 500, #"{"kind":"Status","message":"second"}"#)
    script(router, 2, 200, #"{"items":[]}"#)
    for _ in 0..<2 {
      let answer = try await router.get(queue)
      #expect(answer.status == 404)
      #expect(body(answer) == #"{"kind":"Status","message":"first"}"#)
    }
    await router.end()
  }

  @Test(arguments: [
    (200, #"{"items":[]}"#, 503, 503), (404, #"{"message":"unknown"}"#, 503, 503), (404, "{}", 429, 429),
    (200, #"{"items":[]}"#, 500, 200), (404, "{}", 500, 404),
  ])
  func `that nobody has it is no answer where somebody could not be asked`(
    _ first: Int, _ text: String, _ second: Int, _ expected: Int
  ) async throws {
    let router = try await router([[.empty, .notFound], [.unavailable, .serverError]])
    script(router, 0, first, text)
    script(router, 1, second)
    #expect(try await router.get(queue).status == expected)
    #expect(asked(router) == [1, 1])
    await router.end()
  }

  @Test func `that nobody has it is no answer where somebody's could not be used`() async throws {
    let router = try await router([[.empty], FallThrough.allCases])
    script(router, 0, 200, #"{"items":[]}"#)
    for (status, body) in [(200, #"{"items":[}"#), (200, "<html>"), (302, "{}")] {
      script(router, 1, status, body)
      let answer = try await router.get(queue)
      #expect(answer.status == 502)
      #expect(self.body(answer).contains("metrics source adapter-1"))
    }
    let raw = try RawBackend(answering: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n")
    var sources = sources(router, [[.empty], FallThrough.allCases])
    sources[1].backend = .init(scheme: .http, host: RouterFixture.rawHost, port: Int(raw.port))
    router.route(sources, generation: 3)
    #expect(try await router.get(queue).status == 502)
    await router.end()
  }

  @Test func `the last one's failure is the answer where it does not fall through`() async throws {
    let router = try await router([[.notFound], []])
    script(router, 0, 404, #"{"kind":"Status","message":"first"}"#)
    script(router, 1, 403, #"{"kind":"Status","message":"second"}"#)
    #expect(body(try await router.get(queue)) == #"{"kind":"Status","message":"second"}"#)
    await router.end()
  }

  @Test func `a source that does not answer in time falls through as unavailable`() async throws {
    let router = try await router([[.unavailable], []])
    router.backends[0].script.withLock { $0.delay = .seconds(5) }
    router.route(
      [
        {
          var source = router.source(0)
          source.timeoutSeconds = 1
          source.fallThrough = FallThroughSet([.unavailable])
          return source
        }(), router.source(1),
      ], generation: 3)
    script(router, 1, 200)
    #expect(body(try await router.get(queue)) == #"{"by":1,"items":[1]}"#)
    await router.end()
  }

  @Test func `the whole chain ends by the request's deadline`() async throws {
    let router = try await router(
      [[.unavailable], [.unavailable], []], chain: ChainSettings(requestTimeout: .seconds(1)))
    for record in router.backends.prefix(2) { record.script.withLock { $0.delay = .seconds(5) } }
    script(router, 2, 200)
    let clock = ContinuousClock()
    var answer: CurlResponse?
    let time = try await clock.measure { answer = try await router.get(queue) }
    #expect(answer?.status == 504)
    #expect(body(try #require(answer)).contains("metrics source adapter: "))
    #expect(time < .milliseconds(1800))
    #expect(asked(router) == [1, 0, 0])
    await router.end()
  }

  @Test func `that the whole request is cut off is not held against the source that was asked last`() async throws {
    let router = try await RouterFixture(
      isOpen: true, breaker: .init(failures: 1), chain: ChainSettings(requestTimeout: .milliseconds(300)))
    router.backend.script.withLock { $0.delay = .seconds(1) }
    #expect(try await router.get(queue).status == 504)
    script(router, 0, 200)
    #expect(try await router.get(queue).status == 200)
    await router.end()
  }

  @Test func `falling through is counted, by source and outcome`() async throws {
    let router = try await router([[.notFound], []])
    script(router, 0, 404)
    script(router, 1, 200)
    _ = try await router.get(queue)
    let text = String(decoding: router.metrics.registry.render(), as: UTF8.self)
    #expect(text.contains(#"metrics_router_fall_throughs_total{source="adapter",outcome="NotFound"} 1"#))
    #expect(
      text.contains(
        #"metrics_router_requests_total{group="external.metrics.k8s.io",version="v1beta1",source="adapter-1",code="200"} 1"#
      ))
    await router.end()
  }

  @Test func `a request that began by an older table ends by it, and what it connects to is let go of`() async throws {
    let router = try await router([[.serverError], []])
    router.backends[0].script.withLock {
      $0 = BackendResponder.Script(status: 500)
      $0.delay = .milliseconds(400)
    }
    script(router, 1, 200)
    async let first = router.get(queue)
    while asked(router)[0] == 0 { try await Task.sleep(for: .milliseconds(5)) }
    // The second source is another one from now on: it has the first one's address.
    var moved = router.source(0)
    moved.name = "adapter-1"
    router.route([moved], generation: 3)
    #expect(body(try await first) == #"{"by":1,"items":[1]}"#)
    // No series tells of connections that belong to nobody any more.
    let metrics = String(decoding: router.metrics.registry.render(), as: UTF8.self)
    #expect(!metrics.contains(#"metrics_router_backend_connections{source="adapter-1"} 1"#))
    router.backends[0].script.withLock { $0.delay = .zero }
    _ = try await router.get(queue)
    #expect(asked(router) == [2, 1])
    await router.end()
  }
}
