import HTTP
import Kubernetes
import Synchronization
import TestSupport
import Testing

@testable import metrics_router_server

private let foo = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo"

@Suite struct LimitTests {
  @Test func `more requests than may be under way are told to come again, health and discovery are answered`()
    async throws
  {
    let fixture = try await RouterFixture(isOpen: true, requestsInFlight: 2)
    fixture.backend.script.withLock { $0.delay = .milliseconds(1500) }
    async let first = fixture.get(foo)
    async let second = fixture.get(foo)
    #expect(await eventually { fixture.inFlight.value == 2 })
    let refused = try await fixture.get(foo)
    #expect(refused.status == 429)
    #expect(refused.head["Retry-After"] == "1")
    #expect(refused.text.contains(#""reason":"TooManyRequests","details":{"retryAfterSeconds":1},"code":429"#))
    #expect(try await fixture.get("/healthz").status == 200)
    // What the aggregator looks at to find the router available, and kubectl to know the metrics.
    #expect(try await fixture.get("/apis/custom.metrics.k8s.io/v1beta2").status == 200)
    #expect(try await [first, second].map(\.status) == [200, 200])
    #expect(try await fixture.get(foo).status == 200)
    await fixture.end()
  }

  @Test func `a source that fails again and again is not asked for a while, and then tried`() async throws {
    let settings = CircuitBreaker.Settings(failures: 3, pause: .milliseconds(300), longest: .seconds(1))
    let fixture = try await RouterFixture(isOpen: true, breaker: settings)
    fixture.backend.script.withLock { $0.status = 503 }
    for _ in 0..<3 { #expect(try await fixture.get(foo).status == 503) }
    fixture.backend.script.withLock { $0.status = 200 }
    let spared = try await fixture.get(foo)
    #expect(spared.status == 503)
    #expect(spared.text.contains("metrics source adapter: it has failed repeatedly"))
    #expect(spared.text.contains("the last failure: status 503"))
    #expect(fixture.backend.requests.withLock { $0.count } == 3)
    try await Task.sleep(for: .milliseconds(350))
    for _ in 0..<3 { #expect(try await fixture.get(foo).status == 200) }
    await fixture.end()
  }

  @Test func `an adapter that does not know one metric, and says so by 500, is still asked for others`() async throws {
    let fixture = try await RouterFixture(isOpen: true, breaker: CircuitBreaker.Settings(failures: 2))
    fixture.backend.script.withLock { $0.status = 500 }
    for _ in 0..<5 { #expect(try await fixture.get(foo).status == 500) }
    fixture.backend.script.withLock { $0.status = 200 }
    #expect(try await fixture.get(foo).status == 200)
    await fixture.end()
  }

  @Test(arguments: [[HTTPServer.http2, HTTPServer.http1], [HTTPServer.http1]], [true, false])
  func `either side may speak either version of HTTP`(_ protocols: [String], _ backendHasHTTP2: Bool) async throws {
    let fixture = try await RouterFixture(
      isOpen: true, protocols: protocols,
      backendProtocols: backendHasHTTP2 ? [HTTPServer.http2, HTTPServer.http1] : [HTTPServer.http1])
    for _ in 0..<3 { #expect(try await fixture.get(foo).status == 200) }
    await fixture.end()
  }
}
