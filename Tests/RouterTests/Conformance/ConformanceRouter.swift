import Foundation
import HTTP
import Kubernetes
import MetricsAPI
import Routing
import Synchronization
import TestSupport
import Testing

@testable import metrics_router_server

/// Routers on real sockets in every state that a case may want, spoken to in one version of HTTP.
final class ConformanceRouter {
  let version: String
  private var fixtures: [String: RouterFixture] = [:]
  private var certificates: [String: TestAuthority.Issued] = [:]
  private let strangers: TestAuthority
  private var rawBackend: RawBackend?

  /// `version` is ``HTTPServer/http1`` or ``HTTPServer/http2``.
  init(_ version: String) throws {
    self.version = version
    strangers = try TestAuthority("strangers")
  }

  func end() async {
    for fixture in fixtures.values { await fixture.end() }
    rawBackend?.stop()
    strangers.remove()
  }

  /// What the router answers to a case, and what others were asked meanwhile.
  func observe(_ example: ConformanceCase) async throws -> Observation {
    let fixture = try await fixture(for: example.state)
    fixture.api.state.withLock {
      $0.accessReviews = []
      $0.isDown = false
      $0.script = nil
    }
    rawBackend?.stop()
    rawBackend = nil
    fixture.backend.script.withLock { $0 = .pods }
    fixture.backend.requests.withLock { $0 = [] }
    if case .noTable = example.state {} else { fixture.routeEverything() }
    try await enter(example.state, fixture)
    if case .full = example.state { return try await observeWhileBusy(example, fixture) }
    return try await ask(example.request, fixture)
  }

  private func ask(_ request: ConformanceCase.Request, _ fixture: RouterFixture) async throws -> Observation {
    var observation =
      if let bytes = request.bytes { try RawExchange.send(bytes, port: fixture.port) } else {
        Observation(try await send(request, fixture))
      }
    observation.asked = fixture.api.state.withLock { $0.accessReviews }.map(Observation.text)
    observation.forwarded = fixture.backend.requests.withLock { $0 } + (rawBackend?.requests ?? [])
    return observation
  }

  private func send(_ request: ConformanceCase.Request, _ fixture: RouterFixture) async throws -> CurlResponse {
    var request = request
    if request.target.hasSuffix("?hash=<hash>") {
      let path = String(request.target.dropLast("?hash=<hash>".count))
      let plain = try await fixture.get(path, headers: [("Authorization", "Bearer good")])
      request.target = path + "?hash=" + (plain.head["etag"] ?? "").filter { $0 != "\"" }
    }
    var headers = request.headers.map { ($0.name, $0.value) }
    if let index = headers.firstIndex(where: { $0.1.contains("<hash>") }) {
      let plain = try await fixture.get(
        request.target, headers: headers.filter { $0.0 != headers[index].0 } + [("Authorization", "Bearer good")])
      let tag = try #require(plain.head["etag"])
      headers[index].1 = headers[index].1.replacingOccurrences(of: "\"<hash>\"", with: tag)
    }
    var certificate: TestAuthority.Issued?
    switch request.caller {
    case .anonymous: break
    case .jane: headers.append(("Authorization", "Bearer good"))
    case .token(let token): headers.append(("Authorization", "Bearer \(token)"))
    case .user(let subject): certificate = try issue(subject, fixture.users)
    case .frontProxy(let name): certificate = try issue("/CN=\(name)", fixture.frontProxies)
    case .stranger(let token):
      certificate = try issue("/CN=stranger", strangers)
      if let token { headers.append(("Authorization", "Bearer \(token)")) }
    }
    return try await fixture.get(request.target, method: request.method, headers: headers, certificate: certificate)
  }

  private func issue(_ subject: String, _ authority: TestAuthority) throws -> TestAuthority.Issued {
    let key = authority.folder.path() + subject
    let issued = try certificates[key] ?? authority.issue(subject)
    certificates[key] = issued
    return issued
  }

  private func observeWhileBusy(_ example: ConformanceCase, _ fixture: RouterFixture) async throws -> Observation {
    fixture.backend.script.withLock { $0.delay = .milliseconds(300) }
    async let other = fixture.get(Target.foo, headers: [("Authorization", "Bearer good")])
    while fixture.backend.requests.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(5)) }
    let observation = try await ask(example.request, fixture)
    #expect(try await other.status == 200)
    return observation
  }

  // MARK: States

  private func fixture(for state: RouterState) async throws -> RouterFixture {
    let name =
      switch state {
      case .noTable: "empty"
      case .full: "full"
      default: "routed"
      }
    if let fixture = fixtures[name] { return fixture }
    // Nothing is remembered, so that every case asks anew; and no failure keeps a source from being asked.
    var options = AuthenticationOptions()
    options.tokenLifetime = .zero
    options.allowedLifetime = .zero
    options.deniedLifetime = .zero
    let fixture = try await RouterFixture(
      isRouted: name != "empty", conditions: name == "empty" ? ["routing-table"] : [], options: options,
      requestsInFlight: name == "full" ? 1 : 0, breaker: .init(failures: 1000), protocols: [version])
    fixtures[name] = fixture
    return fixture
  }

  private func enter(_ state: RouterState, _ fixture: RouterFixture) async throws {
    switch state {
    case .routed, .noTable, .full: break
    case .apiServerDown: fixture.api.state.withLock { $0.isDown = true }
    case .denied(let reason): fixture.api.state.withLock { $0.script = { Self.denial($0, reason: reason) } }
    case .backend(let script): fixture.backend.script.withLock { $0 = script }
    case .speaks(let version, let script):
      fixture.backend.script.withLock { $0 = script }
      fixture.routeEverything { $0.customVersions = MetricsGroup.custom.versions.filter { $0.version == version } }
    case .says(let bytes):
      let backend = try RawBackend(answering: bytes)
      rawBackend = backend
      fixture.routeEverything {
        $0.backend = .init(scheme: .http, host: RouterFixture.rawHost, port: Int(backend.port))
      }
    case .unreachable:
      fixture.routeEverything { $0.backend = .init(scheme: .http, host: RouterFixture.rawHost, port: 1) }
    case .slow:
      fixture.backend.script.withLock { $0.delay = .milliseconds(1500) }
      fixture.routeEverything { $0.timeoutSeconds = 1 }
    }
  }

  private static func denial(_ request: APIRequest, reason: String) -> Result<APIResponse, TransportError>? {
    guard !request.path.hasSuffix("/tokenreviews") else { return nil }
    let body = #"{"kind":"SubjectAccessReview","spec":{},"status":{"allowed":false,"reason":"\#(reason)"}}"#
    return .success(APIResponse(status: 201, body: Array(body.utf8)))
  }
}

extension RouterFixture {
  /// Routes every kind of metric to the backend, in every version.
  fileprivate func routeEverything(_ change: (inout RoutedSource) -> Void = { _ in }) {
    route(generation: 2) { source in
      source.customVersions = MetricsGroup.custom.versions
      source.listing = MetricsListing(
        custom: [
          .init(resource: "deployments.apps", isNamespaced: true, name: "foo"),
          .init(resource: "namespaces", isNamespaced: false, name: "foo"),
          .init(resource: "nodes", isNamespaced: false, name: "foo"),
          .init(resource: "pods", isNamespaced: true, name: "a:b|C~d@e"),
          .init(resource: "pods", isNamespaced: true, name: "foo"),
        ], external: ["queue_length"])
      change(&source)
    }
  }
}
