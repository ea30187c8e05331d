import Foundation
import HTTP
import Kubernetes
import Options
import Routing
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import metrics_router_server

private let metric = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo"

/// The token that sources are shown: where it comes from, and what happens without it.
@Suite struct BackendTokenTests {
  // MARK: Without a token

  @Test(arguments: [HTTPServer.http2, HTTPServer.http1])
  func `a source that wants a token is not asked while there is none, and the caller learns why`(
    _ spoken: String
  ) async throws {
    let router = try await RouterFixture(isOpen: true, backendProtocols: [spoken])
    router.credentials.withhold("ServiceAccount ns/shown: no token can be had: because")
    let answer = try await router.get(metric)
    #expect(answer.status == 503)
    #expect(
      answer.text.contains(
        "metrics source adapter: the token for backends: ServiceAccount ns/shown: no token can be had: because"))
    #expect(router.backend.requests.withLock { $0.isEmpty })
    router.credentials.replace("next")
    #expect(try await router.get(metric).status == 200)
    #expect(router.backend.requests.withLock { $0.last }?.contains("authorization: Bearer next") == true)
    await router.end()
  }

  @Test func `a source that is to be tried again is, though there was no token at first`() async throws {
    let router = try await RouterFixture(
      isOpen: true, breaker: CircuitBreaker.Settings(failures: 1, pause: .milliseconds(50)))
    router.backend.script.withLock { $0.status = 503 }
    #expect(try await router.get(metric).status == 503)
    router.backend.script.withLock { $0.status = 200 }
    try await Task.sleep(for: .milliseconds(100))
    router.credentials.withhold("because")
    #expect(try await router.get(metric).text.contains("the token for backends: because"))
    router.credentials.replace("next")
    #expect(try await router.get(metric).status == 200)
    await router.end()
  }

  @Test func `a source that wants none is asked all the same`() async throws {
    let router = try await RouterFixture(isOpen: true)
    router.credentials.withhold("because")
    router.route(generation: 2) { $0.sendsToken = false }
    #expect(try await router.get(metric).status == 200)
    #expect(router.backend.requests.withLock { $0.last }?.contains("authorization") == false)
    await router.end()
  }

  @Test func `a source that falls through where it is unavailable leaves the request to the next one`() async throws {
    let router = try await RouterFixture(isOpen: true, backends: 2)
    router.credentials.withhold("because")
    var (first, second) = (router.source(0), router.source(1))
    first.fallThrough = FallThroughSet([.unavailable])
    second.sendsToken = false
    router.route([first, second], generation: 2)
    #expect(try await router.get(metric).status == 200)
    #expect(router.backends.map { $0.requests.withLock { $0.count } } == [0, 1])
    await router.end()
  }

  @Test func `a shadow that wants a token is not asked without one`() async throws {
    let router = try await RouterFixture(isOpen: true, backends: 2)
    router.credentials.withhold("because")
    var (source, shadow) = (router.source(0), router.source(1))
    source.sendsToken = false
    shadow.shadowOf = "adapter"
    router.route([source, shadow], generation: 2)
    #expect(try await router.get(metric).status == 200)
    let failed = #"metrics_router_shadow_comparisons_total{source="adapter-1",of="adapter",result="shadow_failed"} 1"#
    #expect(await eventually { String(decoding: router.metrics.registry.render(), as: UTF8.self).contains(failed) })
    #expect(router.backends[1].requests.withLock { $0.isEmpty })
    await router.end()
  }

  @Test func `a source that refuses the token has it asked for anew, and no other answer does`() async throws {
    let router = try await RouterFixture(isOpen: true)
    for (status, refusals) in [(200, 0), (403, 0), (500, 0), (401, 1), (401, 2)] {
      router.backend.script.withLock { $0.status = status }
      _ = try await router.get(metric)
      #expect(router.refusals.value == refusals)
    }
    router.route(generation: 2) { $0.sendsToken = false }
    #expect(try await router.get(metric).status == 502)
    #expect(router.refusals.value == 2)
    await router.end()
  }

  // MARK: Where it comes from

  private static func grant(_ request: APIRequest) -> APIResponse {
    APIResponse(
      status: 201,
      body: Array(
        #"{"spec":{"expirationSeconds":7200},"status":{"token":"\#(request.path.hasSuffix("/ns/serviceaccounts/shown/token") ? "granted" : "wrong")","expirationTimestamp":"2999-01-01T00:00:00Z"}}"#
          .utf8))
  }

  @Test func `a server that starts without the API server shows the token once that is back, and is then ready`()
    async throws
  {
    let api = ScriptedAPIServer()
    api.state.withLock { state in
      state.isDown = true
      state.script = { .success(Self.grant($0)) }
    }
    let account = try ServiceAccountName(namespace: "ns", name: "shown", inherited: nil)
    let token = BackendToken(source: .requested(RequestedToken(of: account, client: api)))
    let credentials = token.makeCredentials()
    let readiness = Readiness(conditions: [BackendToken.condition])
    let registry = MetricsRegistry()
    let source = try await sourceWithToken()
    func authorization() -> String {
      do throws(CredentialsUnavailable) {
        return try credentials.authorization(for: source) ?? "none"
      } catch {
        return error.description
      }
    }
    func scraped() -> String { String(decoding: registry.render(), as: UTF8.self) }
    #expect(authorization() == "the token for backends: it has not been asked for yet")
    let task = try await token.keepFresh(
      credentials, BackendTokenMetrics(in: registry, of: token.requested), readiness: readiness,
      logger: Logger(sink: DroppedLines()))
    #expect(await eventually { authorization().contains("no token can be had: ") })
    #expect(authorization().hasSuffix("connection refused"))
    #expect(!readiness.isReady)
    #expect(!scraped().contains("metrics_router_backend_token_expiry_seconds "))
    api.state.withLock { $0.isDown = false }
    #expect(await eventually { authorization() == "Bearer granted" })
    #expect(await eventually { readiness.isReady })
    #expect(scraped().contains(#"metrics_router_backend_token_requests_total{result="success"} 1"#))
    #expect(scraped().contains("\nmetrics_router_backend_token_expiry_seconds 71"))
    task.cancel()
    await task.value
  }

  private func sourceWithToken() async throws -> RoutedSource {
    let router = try await RouterFixture(isOpen: true)
    let source = router.source(0)
    await router.end()
    return source
  }

  @Test func `a token of another account cannot be asked for without an API server`() throws {
    guard case .run(let options) = try RouterOptions.parse(["--backend-service-account=ns/shown"]) else {
      Issue.record("it does not run")
      return
    }
    do throws(StartError) {
      _ = try BackendToken(options.backends.access, nil)
      Issue.record("it was accepted")
    } catch {
      #expect("\(error)".contains("--backend-service-account ns/shown needs an API server"))
    }
  }
}
