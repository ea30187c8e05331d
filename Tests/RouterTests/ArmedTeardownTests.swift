import HTTP
import Kubernetes
import Synchronization
import TestSupport
import Testing

@testable import metrics_router_server

private let foo = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/%2A/foo"

private final class Ended: Sendable {
  let count = Mutex(0)
}

@Suite struct ArmedTeardownTests {
  @Test(arguments: [HTTPServer.http2, HTTPServer.http1])
  func `a router that ends while its backends are silent answers each caller once at most, and no descriptor stays`(
    _ version: String
  ) async throws {
    // What is made once for all: the library behind curl keeps some for itself.
    await (try await RouterFixture(isOpen: true, backendProtocols: [version])).end()
    let before = openDescriptors("socket:")
    for _ in 0..<2 {
      let router = try await RouterFixture(isOpen: true, backends: 2, backendProtocols: [version])
      router.route([router.source(0), router.source(1)])
      #expect(try await router.get(foo).status == 200)
      router.backend.script.withLock { $0.delay = .seconds(3600) }
      let ended = Ended()
      // Each asks something else, so that as many wait for the backend.
      let asking = (0..<20).map { index in
        Task {
          let answer = try? await router.get("\(foo)?labelSelector=n%3D\(index)")
          #expect(answer?.status != 200)
          ended.count.withLock { $0 += 1 }
        }
      }
      #expect(await eventually { router.backend.requests.withLock { $0.count } > 10 })
      await router.end()
      for task in asking { await task.value }
      #expect(ended.count.withLock { $0 } == 20)
    }
    let isClean = await eventually { openDescriptors("socket:").count <= before.count }
    #expect(isClean, "\(before), now \(openDescriptors("socket:"))")
  }
}
