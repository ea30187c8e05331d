import Kubernetes
import Synchronization
import TestSupport
import Testing

@testable import metrics_router_server

private let foo = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo"

@Suite struct AuthenticationTests {
  @Test func `the front proxy speaks for its user, with groups and extra`() async throws {
    let router = try await RouterFixture()
    let proxy = try router.frontProxies.issue("/CN=front-proxy-client")
    let headers = [
      ("X-Remote-User", "proxied"), ("X-Remote-Group", "a"), ("x-remote-group", "b"),
      ("X-Remote-Extra-Example.org%2fScope", "one"),
    ]
    let answer = try await router.get(foo, headers: headers, certificate: proxy)
    #expect(answer.status == 200)
    let asked = try #require(router.api.state.withLock { $0.accessReviews.first })
    #expect(asked.user == "proxied")
    #expect(asked.groups == ["a", "b", "system:authenticated"])
    #expect(asked.extra == ["example.org/scope": ["one"]])
    await router.end()
  }

  @Test func `header fields that claim a user are worth nothing without the front proxy's certificate`() async throws {
    let router = try await RouterFixture()
    let stranger = try TestAuthority("stranger")
    defer { stranger.remove() }
    let claim = [("X-Remote-User", "proxied"), ("X-Remote-Group", "system:masters")]
    // No certificate: anonymous, who may not.
    #expect(try await router.get(foo, headers: claim).status == 403)
    // A certificate of nobody we know.
    let unknown = try stranger.issue("/CN=front-proxy-client")
    #expect(try await router.get(foo, headers: claim, certificate: unknown).status == 401)
    // A user's own certificate: that user, not the one claimed.
    let user = try router.users.issue("/CN=mallory")
    #expect(try await router.get(foo, headers: claim, certificate: user).status == 403)
    // The right authority, but a name that is not on the list.
    let other = try router.frontProxies.issue("/CN=other")
    #expect(try await router.get(foo, headers: claim, certificate: other).status == 401)
    let users = router.api.state.withLock { $0.accessReviews.map(\.user) }
    #expect(users == ["system:anonymous", "mallory"])
    #expect(router.backend.requests.withLock { $0.isEmpty })
    await router.end()
  }

  @Test func `a client certificate is its user, with organizations for groups`() async throws {
    let router = try await RouterFixture()
    let user = try router.users.issue("/O=team/CN=certified")
    #expect(try await router.get(foo, certificate: user).status == 200)
    let asked = try #require(router.api.state.withLock { $0.accessReviews.first })
    #expect(asked.user == "certified")
    #expect(asked.groups == ["team", "system:authenticated"])
    await router.end()
  }

  @Test func `a bearer token is reviewed once, and a refused one is 401`() async throws {
    let router = try await RouterFixture()
    for _ in 0..<5 {
      #expect(try await router.get(foo, headers: [("Authorization", "Bearer good")]).status == 200)
    }
    #expect(router.api.state.withLock { $0.tokenReviews } == 1)
    #expect(router.api.state.withLock { $0.accessReviews.count } == 1)
    let refused = try await router.get(foo, headers: [("Authorization", "Bearer bad")])
    #expect(refused.status == 401)
    #expect(
      refused.text
        == #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}"#
        + "\n")
    await router.end()
  }

  @Test func `a token longer than any is refused without asking`() async throws {
    let router = try await RouterFixture()
    let token = String(repeating: "t", count: 20_000)
    #expect(try await router.get(foo, headers: [("Authorization", "Bearer \(token)")]).status == 401)
    #expect(router.api.state.withLock { $0.tokenReviews } == 0)
    await router.end()
  }

  @Test func `an untrusted certificate does not stand in the way of a good token`() async throws {
    let router = try await RouterFixture()
    let stranger = try TestAuthority("stranger")
    defer { stranger.remove() }
    let unknown = try stranger.issue("/CN=anybody")
    let answer = try await router.get(foo, headers: [("Authorization", "Bearer good")], certificate: unknown)
    #expect(answer.status == 200)
    await router.end()
  }

  @Test func `a rotated authority counts from the next request on, also on a connection that lives`() async throws {
    let router = try await RouterFixture()
    let proxy = try router.frontProxies.issue("/CN=front-proxy-client")
    let headers = [("X-Remote-User", "proxied")]
    #expect(try await router.get(foo, headers: headers, certificate: proxy).status == 200)
    var data = try router.configMap()
    data["requestheader-client-ca-file"] = data["client-ca-file"]
    router.delegated.replace(try DelegatedConfiguration(data))
    #expect(try await router.get(foo, headers: headers, certificate: proxy).status == 401)
    await router.end()
  }

  @Test func `with the API server down, what it has answered counts on and nothing else`() async throws {
    let router = try await RouterFixture()
    let good = [("Authorization", "Bearer good")]
    #expect(try await router.get(foo, headers: good).status == 200)
    router.api.state.withLock { $0.isDown = true }
    #expect(try await router.get(foo, headers: good).status == 200)
    #expect(try await router.get(foo, headers: [("Authorization", "Bearer other")]).status == 401)
    let other = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/other/pods/*/foo"
    #expect(try await router.get(other, headers: good).status == 500)
    await router.end()
  }

  @Test func `a refusal says who may not do what, in the API server's words`() async throws {
    let router = try await RouterFixture()
    let answer = try await router.get(foo)
    #expect(answer.status == 403)
    #expect(
      answer.text.contains(
        #"pods.custom.metrics.k8s.io \"*\" is forbidden: User \"system:anonymous\" cannot get resource \"pods/foo\" in API group \"custom.metrics.k8s.io\" in the namespace \"ns\": because"#
      ))
    await router.end()
  }

  @Test(arguments: ["/healthz", "/livez", "/readyz", "/readyz?verbose"])
  func `health is answered to anybody, with the API server down`(_ path: String) async throws {
    let router = try await RouterFixture()
    router.api.state.withLock { $0.isDown = true }
    #expect(try await router.get(path, headers: [("Authorization", "Bearer bad")]).status == 200)
    await router.end()
  }
}
