import Kubernetes
import Synchronization
import TestSupport
import Testing

@testable import metrics_router_server

private let foo = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo"

@Suite struct FrontProxyTests {
  /// Asks as the front proxy, and returns whom the API server was then asked about.
  private func asked(
    _ headers: [(String, String)], change: (inout [String: String]) -> Void = { _ in }
  ) async throws -> SubjectAccessReview.Spec? {
    let router = try await RouterFixture()
    let proxy = try router.frontProxies.issue("/CN=front-proxy-client")
    var data = try router.configMap()
    change(&data)
    router.delegated.replace(try DelegatedConfiguration(data))
    _ = try await router.get(foo, headers: headers, certificate: proxy)
    let asked = router.api.state.withLock { $0.accessReviews.first }
    await router.end()
    return asked
  }

  @Test func `the first user header with a value counts, and of each the first value`() async throws {
    let two = try await asked([("X-Remote-User", "proxied"), ("X-Remote-User", "mallory")])
    #expect(two?.user == "proxied")
    let second = try await asked([("X-Remote-User", ""), ("X-Other-User", "proxied")]) {
      $0["requestheader-username-headers"] = #"["X-Remote-User","X-Other-User"]"#
    }
    #expect(second?.user == "proxied")
    let order = try await asked([("X-Other-User", "mallory"), ("X-Remote-User", "proxied")]) {
      $0["requestheader-username-headers"] = #"["X-Remote-User","X-Other-User"]"#
    }
    #expect(order?.user == "proxied")
  }

  @Test func `each value of a group header is one group, commas included, and an empty one is none`() async throws {
    let headers = [
      ("X-Remote-User", "proxied"), ("X-Remote-Group", "a,b"), ("X-Remote-Group", ""), ("x-remote-group", "c d"),
    ]
    #expect(try await asked(headers)?.groups == ["a,b", "c d", "system:authenticated"])
  }

  @Test func `an extra key is lower-cased, then percent-decoded, and keeps all its values`() async throws {
    let headers = [
      ("X-Remote-User", "proxied"), ("X-Remote-Extra-Example.org%2fScope", "one"),
      ("x-remote-extra-example.org%2Fscope", "two"), ("X-Remote-Extra-Caf%C3%A9", "three"),
      ("X-Remote-Extra-Half%2", "four"),
    ]
    #expect(
      try await asked(headers)?.extra == [
        "example.org/scope": ["one", "two"], "caf\u{e9}": ["three"], "half%2": ["four"],
      ])
  }

  @Test func `two extra keys that look the same and are not are refused`() async throws {
    let headers = [
      ("X-Remote-User", "proxied"), ("X-Remote-Extra-Caf%C3%A9", "one"), ("X-Remote-Extra-Cafe%CC%81", "two"),
    ]
    #expect(try await asked(headers) == nil)
  }

  @Test(arguments: ["X-Remote-Uid", "x-remote-uid", "X-REMOTE-UID"])
  func `the UID is read where the ConfigMap names its header, in any spelling`(_ name: String) async throws {
    let headers = [("X-Remote-User", "proxied"), (name, "42")]
    #expect(try await asked(headers) { $0["requestheader-uid-headers"] = #"["X-Remote-Uid"]"# }?.uid == "42")
    #expect(try await asked(headers) { $0["requestheader-uid-headers"] = #"["x-other","x-remote-UID"]"# }?.uid == "42")
  }

  @Test func `a ConfigMap from before UID headers reads none`() async throws {
    let headers = [("X-Remote-User", "proxied"), ("X-Remote-Uid", "42")]
    let asked = try await asked(headers)
    #expect(asked?.user == "proxied")
    #expect(asked?.uid == nil)
  }

  @Test(arguments: ["X_Remote_User", "X-Remote_User", "X-Remote-User-", "XX-Remote-User"])
  func `a header that is only spelt alike names nobody`(_ name: String) async throws {
    let headers = [(name, "proxied"), ("X_Remote_Group", "system:masters")]
    // Neither users' certificates are known, so that the proxy's own is no reason to refuse.
    #expect(try await asked(headers) { $0["client-ca-file"] = nil }?.user == "system:anonymous")
    let known = try await asked(headers + [("X-Remote-User", "proxied")])
    #expect(known?.groups == ["system:authenticated"])
  }

  @Test func `a proxy that names nobody speaks for itself, whom the users' authority does not know`() async throws {
    let router = try await RouterFixture()
    let proxy = try router.frontProxies.issue("/CN=front-proxy-client")
    #expect(try await router.get(foo, headers: [("X-Remote-User", "")], certificate: proxy).status == 401)
    let good = [("Authorization", "Bearer good")]
    #expect(try await router.get(foo, headers: good, certificate: proxy).status == 200)
    #expect(router.api.state.withLock { $0.accessReviews.map(\.user) } == ["jane"])
    await router.end()
  }

  @Test func `those who are said to be anonymous are not authenticated`() async throws {
    let anonymous = try await asked([
      ("X-Remote-User", "system:anonymous"), ("X-Remote-Group", "system:unauthenticated"),
    ])
    #expect(anonymous?.groups == ["system:unauthenticated"])
    #expect(try await asked([("X-Remote-User", "system:anonymous")])?.groups == [])
    let named = try await asked([("X-Remote-User", "proxied"), ("X-Remote-Group", "system:unauthenticated")])
    #expect(named?.groups == ["system:unauthenticated"])
    let told = try await asked([("X-Remote-User", "proxied"), ("X-Remote-Group", "system:authenticated")])
    #expect(told?.groups == ["system:authenticated"])
  }

  @Test(arguments: ["[]", "null", ""]) func `with no allowed names any will do`(_ names: String) async throws {
    let router = try await RouterFixture()
    router.delegated.replace(try DelegatedConfiguration(router.configMap(allowedNames: names)))
    let proxy = try router.frontProxies.issue("/CN=whoever")
    #expect(try await router.get(foo, headers: [("X-Remote-User", "proxied")], certificate: proxy).status == 200)
    await router.end()
  }

  @Test func `a certificate with a disallowed name is its own user`() async throws {
    let router = try await RouterFixture()
    var data = try router.configMap()
    // One authority for both, as small clusters have it.
    data["requestheader-client-ca-file"] = data["client-ca-file"]
    router.delegated.replace(try DelegatedConfiguration(data))
    let user = try router.users.issue("/CN=certified")
    let claim = [("X-Remote-User", "proxied"), ("X-Remote-Group", "system:masters")]
    #expect(try await router.get(foo, headers: claim, certificate: user).status == 200)
    #expect(router.api.state.withLock { $0.accessReviews.map(\.user) } == ["certified"])
    await router.end()
  }

  @Test func `users who take turns on one connection are told apart`() async throws {
    let router = try await RouterFixture()
    let proxy = try router.frontProxies.issue("/CN=front-proxy-client")
    let jane = [("X-Remote-User", "jane"), ("X-Remote-Group", "a")]
    let users: [[(String, String)]] = [
      jane, jane, [("X-Remote-User", "jane"), ("X-Remote-Group", "b")], [("X-Remote-User", "jane")],
      [("X-Remote-User", "mallory"), ("X-Remote-Group", "a")], jane,
      jane + [("X-Remote-Extra-Scope", "x")], [("X-Remote-Group", "a"), ("X-Remote-User", "jane")],
    ]
    var statuses: [Int] = []
    for headers in users { statuses.append(try await router.get(foo, headers: headers, certificate: proxy).status) }
    #expect(statuses == [200, 200, 200, 200, 403, 200, 200, 200])
    let asked = router.api.state.withLock { $0.accessReviews }
    #expect(asked.map(\.user) == ["jane", "jane", "jane", "mallory", "jane"])
    #expect(
      asked.map { ($0.groups ?? []).filter { $0 != "system:authenticated" } } == [["a"], ["b"], [], ["a"], ["a"]])
    #expect(asked.map { $0.extra?.count ?? 0 } == [0, 0, 0, 0, 1])
    await router.end()
  }
}
