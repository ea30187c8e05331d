import MetricsAPI
import Options
import Routing
import TLS
import Telemetry
import TestSupport
import Testing

@testable import Kubernetes
@testable import metrics_router_controller

/// The token that backends are shown when they are asked for their lists.
@Suite struct BackendTokenTests {
  private static let path = "POST /api/v1/namespaces/ns/serviceaccounts/shown/token"
  private static let granted =
    #"{"spec":{"expirationSeconds":7200},"status":{"token":"granted","expirationTimestamp":"2999-01-01T00:00:00Z"}}"#
  private static let forbidden = #"{"kind":"Status","code":403,"message":"forbidden"}"#

  private let backend: FakeBackend
  private let transport: CurlTransport

  init() async throws {
    backend = try await FakeBackend(certificate: .selfSigned(names: ["adapter.ns.svc"], days: 1))
    backend.list(FakeBackend.custom2, ["pods/foo"])
    transport = try CurlTransport()
  }

  private func token(_ status: Int, _ body: String, pause: Duration = .seconds(60)) throws -> (
    RequestedToken, ScriptedAPI
  ) {
    let api = ScriptedAPI([Self.path: (status, body)])
    let account = try ServiceAccountName(namespace: "ns", name: "shown", inherited: nil)
    return (RequestedToken(of: account, client: api, schedule: TokenSchedule(at: .zero, pause: pause)), api)
  }

  private func list(_ token: RequestedToken) async -> Result<SourceListing, SyncFailure> {
    var spec = plainSpec()
    spec.service.scheme = .https
    spec.insecureSkipTLSVerify = true
    let discovery = BackendDiscovery(
      transport: transport, credentials: CredentialSource(.requested(token)), defaultAuthority: nil,
      connectTo: [ConnectTo(backend.connectTo())].compactMap(\.self), userAgent: "test",
      metrics: ControllerMetrics(in: MetricsRegistry()))
    do throws(SyncFailure) {
      return .success(try await discovery.list(spec, port: 443))
    } catch {
      return .failure(error)
    }
  }

  private func end(_ task: Task<Void, Never>) async {
    task.cancel()
    await task.value
    await transport.shutdown()
    await backend.end()
  }

  @Test func `without a token a backend that is to be shown one is not asked`() async throws {
    let (token, _) = try token(403, Self.forbidden)
    let task = Task { await token.run { _ in } }
    guard case .failure(let failure) = await list(token) else {
      Issue.record("it was asked")
      return
    }
    #expect(failure.reason == .credentialsUnavailable)
    #expect(
      failure.message
        == "the token for backends: ServiceAccount ns/shown: no token can be had: forbidden; grant create on"
        + " serviceaccounts/token named shown in ns, as the Role metrics-router-backend-token does")
    #expect(backend.requests.isEmpty)
    await end(task)
  }

  @Test func `a backend is shown the token, and one that refuses it has it asked for anew`() async throws {
    let (token, api) = try token(201, Self.granted, pause: .zero)
    let task = Task { await token.run { _ in } }
    #expect(try await list(token).get().metrics.count == 1)
    #expect(backend.requests.map(\.authorization) == ["Bearer granted"])
    #expect(api.requests.count == 1)
    backend.answer(FakeBackend.custom2, .init(status: 403, body: "no"))
    _ = await list(token)
    backend.answer(FakeBackend.custom2, .init(status: 401, body: "no"))
    _ = await list(token)
    #expect(await eventually { api.requests.count == 2 })
    await end(task)
  }

  @Test func `flags that name an account need an API server`() throws {
    guard
      case .run(let options) = try ControllerOptions.parse(["--sources=/nowhere", "--backend-service-account=ns/shown"])
    else {
      Issue.record("it does not run")
      return
    }
    do throws(StartError) {
      _ = try BackendToken(options, nil, nil, MetricsRegistry(), Logger(sink: NoLines()))
      Issue.record("it was accepted")
    } catch {
      #expect(error.description.contains("--backend-service-account ns/shown needs an API server"))
    }
  }

  @Test func `an account without a namespace is looked for in the pod's`() async throws {
    guard case .run(let options) = try ControllerOptions.parse(["--backend-service-account=shown"]) else {
      Issue.record("it does not run")
      return
    }
    let api = ScriptedAPI([Self.path: (201, Self.granted)])
    let registry = MetricsRegistry()
    let token = try BackendToken(
      options, ClusterConfiguration(server: "https://h", namespace: "ns"), api, registry, Logger(sink: NoLines()))
    let task = Task { await token.run() }
    #expect(try await token.credentials?.bearerToken() == "granted")
    #expect(
      await eventually {
        registry.scraped(#"metrics_router_controller_backend_token_requests_total{result="success"}"#) == 1
      })
    #expect((registry.scraped("metrics_router_controller_backend_token_expiry_seconds") ?? 0) > 7000)
    await end(task)
  }
}

private struct NoLines: LogSink {
  func write(_ line: [UInt8]) {}
  func flush() {}
}
