import Kubernetes
import Synchronization
import TestSupport
import Testing

@testable import metrics_router_server

@Suite struct AlwaysAllowedPathsTests {
  private func options(_ paths: String...) throws -> AuthenticationOptions {
    var options = AuthenticationOptions()
    options.alwaysAllowedPaths = try #require(AlwaysAllowedPaths(paths))
    return options
  }

  @Test(arguments: ["/healthz", "/livez", "/readyz"]) func `by default these exact paths are open`(_ path: String) {
    #expect(AlwaysAllowedPaths.standard.contain(path))
    for other in [path + "/", path + "/ping", path + "x", "/x" + path, path.uppercased()] {
      #expect(!AlwaysAllowedPaths.standard.contain(other))
    }
  }

  @Test func `a star at the end opens all that begins so, a leading slash may be left out`() throws {
    let paths = try #require(AlwaysAllowedPaths(["/metrics*", "version"]))
    for path in ["/metrics", "/metrics/slis", "/metricsx", "/version"] { #expect(paths.contain(path)) }
    for path in ["/metric", "/", "/versions"] { #expect(!paths.contain(path)) }
    #expect(try #require(AlwaysAllowedPaths(["/*"])).contain("/anything"))
  }

  @Test(arguments: ["/a*b", "*/a", "/a/*/b", "/a**"]) func `a star anywhere else is an error`(_ pattern: String) {
    #expect(AlwaysAllowedPaths([pattern]) == nil)
  }

  @Test func `a path that only looks the same is another`() throws {
    let paths = try #require(AlwaysAllowedPaths(["/caf\u{e9}", "/caf\u{e9}x*"]))
    #expect(paths.contain("/caf\u{e9}"))
    #expect(!paths.contain("/cafe\u{301}"))
    #expect(!paths.contain("/cafe\u{301}x"))
  }

  @Test func `open paths need no review, and the others do`() async throws {
    let router = try await RouterFixture(options: try options("/version", "/apis/custom.metrics.k8s.io*"))
    router.api.state.withLock { $0.isDown = true }
    #expect(try await router.get("/version").status == 200)
    #expect(try await router.get("/apis/custom.metrics.k8s.io/v1beta2").status == 200)
    #expect(try await router.get("/apis/external.metrics.k8s.io/v1beta1").status == 500)
    // A prefix opens no resource, known or not.
    for path in ["namespaces/ns/pods/*/foo", "pods"] {
      #expect(try await router.get("/apis/custom.metrics.k8s.io/v1beta2/\(path)").status == 500)
    }
    // Whoever shows a token must be known by it, even so.
    #expect(try await router.get("/version", headers: [("Authorization", "Bearer bad")]).status == 401)
    await router.end()
  }

  @Test func `health that is not open is asked about as any other path`() async throws {
    let router = try await RouterFixture(options: try options("/livez"))
    #expect(try await router.get("/livez").status == 200)
    #expect(try await router.get("/readyz").status == 403)
    #expect(try await router.get("/readyz", headers: [("Authorization", "Bearer good")]).text == "ok")
    await router.end()
  }
}
