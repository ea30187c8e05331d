import Kubernetes
import Synchronization
import TestSupport
import Testing

@testable import metrics_router_server

private let foo = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo"

@Suite struct ClientCertificateTests {
  private func text(_ authority: TestAuthority) throws -> String {
    String(decoding: try authority.authority.certificatePEM(), as: UTF8.self)
  }

  @Test func `each authority of a bundle counts`() async throws {
    let router = try await RouterFixture()
    let others = try TestAuthority("others")
    defer { others.remove() }
    var data = try router.configMap()
    let (old, new) = (try router.users.issue("/CN=certified"), try others.issue("/CN=certified"))
    #expect(try await router.get(foo, certificate: new).status == 401)
    data["client-ca-file"] = try text(others) + "\n" + text(router.users)
    data["requestheader-client-ca-file"] = try text(router.frontProxies) + text(others)
    router.delegated.replace(try DelegatedConfiguration(data))
    #expect(try await router.get(foo, certificate: old).status == 200)
    #expect(try await router.get(foo, certificate: new).status == 200)
    let proxy = try others.issue("/CN=front-proxy-client")
    #expect(try await router.get(foo, headers: [("X-Remote-User", "proxied")], certificate: proxy).status == 200)
    await router.end()
  }

  @Test func `an authority that came with a rotation counts on connections that were there before`() async throws {
    let router = try await RouterFixture()
    let others = try TestAuthority("others")
    defer { others.remove() }
    let user = try others.issue("/CN=certified")
    #expect(try await router.get(foo, certificate: user).status == 401)
    var data = try router.configMap()
    data["client-ca-file"] = try text(others)
    router.delegated.replace(try DelegatedConfiguration(data))
    #expect(try await router.get(foo, certificate: user).status == 200)
    router.delegated.replace(try DelegatedConfiguration(router.configMap()))
    #expect(try await router.get(foo, certificate: user).status == 401)
    await router.end()
  }

  @Test func `where no authority is known a certificate is neither good nor bad`() async throws {
    let router = try await RouterFixture()
    router.delegated.replace(DelegatedConfiguration())
    let user = try router.users.issue("/CN=certified")
    let answer = try await router.get(foo, headers: [("X-Remote-User", "proxied")], certificate: user)
    #expect(answer.status == 403)
    #expect(router.api.state.withLock { $0.accessReviews.map(\.user) } == ["system:anonymous"])
    await router.end()
  }

  @Test func `a key that the ConfigMap no longer has is not trusted`() async throws {
    let router = try await RouterFixture()
    let (user, proxy) = (
      try router.users.issue("/CN=certified"), try router.frontProxies.issue("/CN=front-proxy-client")
    )
    let claim = [("X-Remote-User", "proxied")]
    var data = try router.configMap()
    data["client-ca-file"] = nil
    router.delegated.replace(try DelegatedConfiguration(data))
    #expect(try await router.get(foo, certificate: user).status == 401)
    #expect(try await router.get(foo, headers: claim, certificate: proxy).status == 200)
    data = try router.configMap()
    data["requestheader-client-ca-file"] = nil
    router.delegated.replace(try DelegatedConfiguration(data))
    #expect(try await router.get(foo, certificate: user).status == 200)
    #expect(try await router.get(foo, headers: claim, certificate: proxy).status == 401)
    await router.end()
  }

  @Test(arguments: ["serverAuth", nil]) func `a certificate that is not for clients is no user's`(
    _ usage: String?
  ) async throws {
    let router = try await RouterFixture()
    let user = try router.users.issue("/CN=certified", usage: usage)
    #expect(try await router.get(foo, certificate: user).status == 401)
    await router.end()
  }

  @Test func `a certificate that has expired is no user's`() async throws {
    let router = try await RouterFixture()
    let user = try router.users.issue("/CN=certified", days: 0)
    try await Task.sleep(for: .milliseconds(1100))
    #expect(try await router.get(foo, certificate: user).status == 401)
    await router.end()
  }

  @Test func `a certificate without a common name is nobody's, and no reason to refuse`() async throws {
    let router = try await RouterFixture()
    var data = try router.configMap()
    data["requestheader-client-ca-file"] = nil
    router.delegated.replace(try DelegatedConfiguration(data))
    let nameless = try router.users.issue("/O=team")
    #expect(try await router.get(foo, certificate: nameless).status == 403)
    #expect(router.api.state.withLock { $0.accessReviews.map(\.user) } == ["system:anonymous"])
    await router.end()
  }

  @Test func `an intermediate that the client sends leads to the authority`() async throws {
    let router = try await RouterFixture()
    let intermediate = try TestAuthority("intermediate", signedBy: router.users)
    defer { intermediate.remove() }
    let user = try intermediate.issue("/O=a/O=b/CN=certified")
    #expect(try await router.get(foo, certificate: user).status == 401)
    let answer = try await router.get(foo, certificate: user, intermediates: [intermediate])
    #expect(answer.status == 200)
    #expect(router.api.state.withLock { $0.accessReviews.first?.groups } == ["a", "b", "system:authenticated"])
    await router.end()
  }

  @Test func `of a user's certificate and a token the certificate counts`() async throws {
    let router = try await RouterFixture()
    let user = try router.users.issue("/CN=certified")
    let answer = try await router.get(foo, headers: [("Authorization", "Bearer good")], certificate: user)
    #expect(answer.status == 200)
    #expect(router.api.state.withLock { $0.accessReviews.map(\.user) } == ["certified"])
    #expect(router.api.state.withLock { $0.tokenReviews } == 0)
    await router.end()
  }
}
