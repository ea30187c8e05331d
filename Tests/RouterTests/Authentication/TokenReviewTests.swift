import Kubernetes
import Synchronization
import TestSupport
import Testing

@testable import metrics_router_server

private let foo = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo"

@Suite struct TokenReviewTests {
  private let good = [("Authorization", "Bearer good")]

  /// Answers each TokenReview with this status.
  private func answer(_ router: RouterFixture, _ status: String) {
    router.api.state.withLock { state in
      state.script = { request in
        guard request.path.hasSuffix("/tokenreviews") else { return nil }
        return .success(APIResponse(status: 201, body: Array(#"{"status":\#(status)}"#.utf8)))
      }
    }
  }

  private func options(_ lifetime: Duration) -> AuthenticationOptions {
    var options = AuthenticationOptions()
    options.tokenLifetime = lifetime
    return options
  }

  @Test func `of several Authorization headers the first counts`() async throws {
    let router = try await RouterFixture()
    let bad = [("Authorization", "Bearer bad")]
    #expect(try await router.get(foo, headers: good + bad).status == 200)
    #expect(try await router.get(foo, headers: bad + good).status == 401)
    #expect(try await router.get(foo, headers: [("Authorization", "Basic x")] + good).status == 403)
    await router.end()
  }

  @Test func `a second space before the token makes it no bearer's, and the caller anonymous`() async throws {
    let router = try await RouterFixture()
    #expect(try await router.get(foo, headers: [("Authorization", "Bearer  good")]).status == 403)
    #expect(router.api.state.withLock { $0.tokenReviews } == 0)
    #expect(router.api.state.withLock { $0.accessReviews.map(\.user) } == ["system:anonymous"])
    await router.end()
  }

  @Test func `the user is the one that the review names, with all that it says`() async throws {
    let router = try await RouterFixture()
    answer(
      router,
      #"{"authenticated":true,"user":{"username":"jane","uid":"42","groups":["a"],"extra":{"k":["v","w"]}},"audiences":["x"]}"#
    )
    #expect(try await router.get(foo, headers: good).status == 200)
    let asked = try #require(router.api.state.withLock { $0.accessReviews.first })
    #expect(asked.user == "jane")
    #expect(asked.uid == "42")
    #expect(asked.groups == ["a", "system:authenticated"])
    #expect(asked.extra == ["k": ["v", "w"]])
    await router.end()
  }

  @Test(arguments: [
    #"{"authenticated":false}"#, "{}", #"{"authenticated":false,"user":{"username":"jane"}}"#,
    #"{"authenticated":false,"error":"invalid bearer token"}"#,
  ])
  func `a refusal is remembered`(_ status: String) async throws {
    let router = try await RouterFixture()
    answer(router, status)
    for _ in 0..<3 { #expect(try await router.get(foo, headers: good).status == 401) }
    #expect(router.api.state.withLock { $0.tokenReviews } == 1)
    #expect(router.outcomes.results(.token) == [.refusal])
    #expect(router.outcomes.count(.hit(.token)) == 2)
    await router.end()
  }

  @Test(arguments: [
    #"{"authenticated":false,"error":"the issuer could not be asked"}"#, #"{"authenticated":true}"#,
    #"{"authenticated":true,"user":{"username":""}}"#, "null",
  ])
  func `an error of the review is 401 and is not remembered`(_ status: String) async throws {
    let router = try await RouterFixture()
    answer(router, status)
    for _ in 0..<2 { #expect(try await router.get(foo, headers: good).status == 401) }
    #expect(router.api.state.withLock { $0.tokenReviews } == 2)
    #expect(router.outcomes.results(.token) == [.error, .error])
    router.api.state.withLock { $0.script = nil }
    #expect(try await router.get(foo, headers: good).status == 200)
    await router.end()
  }

  @Test func `success and refusal count for as long as the flag says`() async throws {
    let router = try await RouterFixture(options: options(.milliseconds(200)))
    let bad = [("Authorization", "Bearer bad")]
    for _ in 0..<2 {
      #expect(try await router.get(foo, headers: good).status == 200)
      #expect(try await router.get(foo, headers: bad).status == 401)
    }
    #expect(router.api.state.withLock { $0.tokenReviews } == 2)
    try await Task.sleep(for: .milliseconds(250))
    #expect(try await router.get(foo, headers: good).status == 200)
    #expect(try await router.get(foo, headers: bad).status == 401)
    #expect(router.api.state.withLock { $0.tokenReviews } == 4)
    await router.end()
  }

  @Test func `with a lifetime of zero each request is reviewed`() async throws {
    let router = try await RouterFixture(options: options(.zero))
    for _ in 0..<3 { #expect(try await router.get(foo, headers: good).status == 200) }
    #expect(router.api.state.withLock { $0.tokenReviews } == 3)
    await router.end()
  }

  @Test func `tokens that take turns on one connection are told apart`() async throws {
    let router = try await RouterFixture()
    let tokens = ["good", "good", "goof", "good", "goo", "good", "good2", "good"]
    var statuses: [Int] = []
    for token in tokens {
      statuses.append(try await router.get(foo, headers: [("Authorization", "Bearer \(token)")]).status)
    }
    #expect(statuses == tokens.map { $0 == "good" ? 200 : 401 })
    #expect(router.api.state.withLock { $0.tokenReviews } == 4)
    await router.end()
  }

  @Test func `a connection that broke off is tried again`() async throws {
    let router = try await RouterFixture()
    router.api.state.withLock { state in
      state.script = { [weak api = router.api] request in
        guard request.path.hasSuffix("/tokenreviews"), api?.state.withLock({ $0.tokenReviews }) == 1 else { return nil }
        return .failure(TransportError(.broken, operation: "POST", message: "connection reset"))
      }
    }
    #expect(try await router.get(foo, headers: good).status == 200)
    #expect(router.api.state.withLock { $0.tokenReviews } == 2)
    #expect(router.outcomes.results(.token) == [.success])
    await router.end()
  }

  @Test func `a burst of equal requests over all workers causes one review of each kind`() async throws {
    let router = try await RouterFixture(workers: 3)
    router.api.state.withLock { state in
      state.script = { _ in
        try? await Task.sleep(for: .milliseconds(300))
        return nil
      }
    }
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<60 { group.addTask { try await router.get(foo, headers: good).status } }
      for try await status in group { #expect(status == 200) }
    }
    #expect(router.api.state.withLock { $0.tokenReviews } == 1)
    #expect(router.api.state.withLock { $0.accessReviews.count } == 1)
    await router.end()
  }

  @Test func `random tokens are turned away beyond a bound, and do not keep out those that were good`() async throws {
    let router = try await RouterFixture(options: options(.milliseconds(1)))
    #expect(try await router.get(foo, headers: good).status == 200)
    let (stream, release) = AsyncStream.makeStream(of: Void.self)
    let held = Mutex(0)
    router.api.state.withLock { state in
      state.script = { request in
        let body = String(decoding: request.body ?? [], as: UTF8.self)
        guard body.contains("random") else { return nil }
        held.withLock { $0 += 1 }
        for await _ in stream {}
        return nil
      }
    }
    try await withThrowingTaskGroup(of: CurlResponse.self) { group in
      for number in 0..<60 {
        group.addTask { try await router.get(foo, headers: [("Authorization", "Bearer random\(number)")]) }
      }
      for _ in 0..<10 {
        let answer = try #require(await group.next())
        #expect(answer.status == 429)
        #expect(answer.head["retry-after"] == "1")
        #expect(answer.text.contains(#""reason":"TooManyRequests","details":{"retryAfterSeconds":1},"code":429"#))
      }
      #expect(held.withLock { $0 } == 50)
      #expect(try await router.get(foo, headers: good).status == 200)
      release.finish()
      for try await answer in group { #expect(answer.status == 401) }
    }
    await router.end()
  }
}
