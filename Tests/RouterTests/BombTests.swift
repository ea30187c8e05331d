import Foundation
import HTTP
import Kubernetes
import MetricsAPI
import Routing
import Synchronization
import Testing

@testable import metrics_router_server

private let metric = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo"
private let older = "/apis/custom.metrics.k8s.io/v1beta1/namespaces/ns/pods/*/foo"

/// Answers that are small on the wire and large in memory, or in the work that they make.
@Suite struct BombTests {
  @Test(arguments: ["gzip", "x-gzip", "deflate", "br", "zstd", "gzip, gzip", "identity, gzip", "GZIP", "unknown"])
  func `an answer in a content coding is refused, never unpacked`(_ coding: String) async throws {
    let router = try await RouterFixture(isOpen: true)
    router.backend.script.withLock { $0.fields = [("Content-Encoding", coding)] }
    for path in [metric, older] {
      let answer = try await router.get(path, headers: [("Accept-Encoding", "gzip, br")])
      #expect(answer.status == 502)
      #expect(answer.text.contains("content coding that it was not asked for"))
    }
    #expect(router.backend.requests.withLock { $0.allSatisfy { !$0.contains("accept-encoding") } })
    await router.end()
  }

  private static let depth = 1 << 18
  private static let nested: [String] = [
    #"{"items":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}",
    String(repeating: #"{"items":"#, count: depth) + "1" + String(repeating: "}", count: depth),
    #"{"metadata":"# + String(repeating: "[{\"a\":", count: depth) + "}",
  ]

  @Test(arguments: nested.indices)
  func `an answer nested without end that has to be read is 502`(_ index: Int) async throws {
    let router = try await RouterFixture(isOpen: true, backends: 2)
    for backend in router.backends { backend.script.withLock { $0.body = Self.nested[index] } }
    // To be translated.
    #expect(try await router.get(older).status == 502)
    // To be told from an empty list.
    var first = router.source(0)
    first.fallThrough = FallThroughSet([.empty])
    router.route([first, router.source(1)], generation: 2)
    let answer = try await router.get(metric)
    #expect(answer.status == 502)
    // To be indented; one that is too large for that is passed on as it is.
    router.route([router.source(0)], generation: 3)
    #expect([200, 502].contains(try await router.get(metric + "?pretty=true").status))
    #expect(try await router.get("/healthz").status == 200)
    await router.end()
  }

  @Test func `a selector nested or long beyond any use is refused before a backend is asked`() async throws {
    let router = try await RouterFixture(isOpen: true)
    for selector in [
      String(repeating: "(", count: 3000), String(repeating: "a,", count: 1500),
      "a%20in%20(" + String(repeating: "b,", count: 1200) + "b", String(repeating: "%21", count: 1000),
    ] {
      let answer = try await router.get(metric + "?labelSelector=" + selector)
      #expect(answer.status == 400 || answer.status == 200, "\(selector.prefix(20)): \(answer.status)")
      if answer.status == 200 { #expect(router.backend.requests.withLock { $0.last?.utf8.count ?? 0 } < 16 * 1024) }
    }
    await router.end()
  }
}
