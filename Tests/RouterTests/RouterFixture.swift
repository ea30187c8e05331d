import EventLoop
import Foundation
import HTTP
import Kubernetes
import MetricsAPI
import Options
import Routing
import Synchronization
import TLS
import Telemetry
import TestSupport
import Testing

@testable import metrics_router_server

/// An API server that knows one token and one rule, and counts what it is asked.
final class ScriptedAPIServer: APIClient {
  struct State {
    var isDown = false
    var tokenReviews = 0
    var accessReviews: [SubjectAccessReview.Spec] = []
    /// Is asked once a review has been counted; nil leaves the answer to the rules below.
    var script: (@Sendable (APIRequest) async -> Result<APIResponse, TransportError>?)?
  }

  let state = Mutex(State())

  func send(_ request: APIRequest) async throws(TransportError) -> APIResponse {
    guard !state.withLock({ $0.isDown }) else {
      throw TransportError(.unreachable, operation: request.path, message: "connection refused")
    }
    let isTokenReview = request.path.hasSuffix("/tokenreviews")
    if isTokenReview { state.withLock { $0.tokenReviews += 1 } } else { record(request.body ?? []) }
    if let result = await state.withLock({ $0.script })?(request) { return try result.get() }
    return answer(isTokenReview ? tokenReview(request.body ?? []) : accessReview(request.body ?? []))
  }

  func open(_ request: APIRequest) async throws(TransportError) -> APIStream {
    throw TransportError(.unreachable, operation: request.path, message: "not scripted")
  }

  private func answer(_ json: String) -> APIResponse { APIResponse(status: 201, body: Array(json.utf8)) }

  private func tokenReview(_ body: [UInt8]) -> String {
    let isKnown = String(decoding: body, as: UTF8.self).contains(#""token":"good""#)
    let status =
      isKnown
      ? #"{"authenticated":true,"user":{"username":"jane","groups":["team-a"]}}"#
      : #"{"authenticated":false,"error":"invalid bearer token"}"#
    return #"{"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","spec":{"token":""},"status":\#(status)}"#
  }

  /// Everybody may whose name is jane, proxied or certified.
  private func accessReview(_ body: [UInt8]) -> String {
    let isAllowed = ["jane", "proxied", "certified"].contains(specification(body)?.user ?? "")
    return
      #"{"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","spec":{"user":""},"status":{"allowed":\#(isAllowed),"reason":"because"}}"#
  }

  private func record(_ body: [UInt8]) {
    if let spec = specification(body) { state.withLock { $0.accessReviews.append(spec) } }
  }

  private func specification(_ body: [UInt8]) -> SubjectAccessReview.Spec? {
    (try? JSONDecoder().decode(Review.self, from: Data(body)))?.spec
  }

  private struct Review: Decodable {
    var spec: SubjectAccessReview.Spec
  }
}

/// A backend that answers what it is told to, and remembers what it was sent.
final class BackendResponder: Responder {
  struct Script: Sendable {
    var status = 200
    var contentType = "application/json"
    var body = #"{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{},"items":[]}"#
    var fields: [(name: String, value: String)] = []
    var delay = Duration.zero
  }

  final class Record: Sendable {
    let script = Mutex(Script())
    /// The heads of the requests, as lines: path and query, then the fields, their names in lower case.
    let requests = Mutex<[String]>([])
  }

  private let record: Record
  private let loop: EventLoop

  init(record: Record, loop: EventLoop) {
    self.record = record
    self.loop = loop
  }

  func respond(to request: RequestHead, on connection: ConnectionContext) async -> Response {
    let bytes = request.headers.bytes
    let query = request.query.isEmpty ? "" : "?" + String(decoding: request.query, as: UTF8.self)
    let fields = request.headers.fields.map { field in
      String(decoding: bytes[field.name], as: UTF8.self).lowercased() + ": "
        + String(decoding: bytes[field.value], as: UTF8.self)
    }
    let head = [request.method.name + " " + String(decoding: request.path, as: UTF8.self) + query] + fields
    record.requests.withLock { $0.append(head.joined(separator: "\n")) }
    let script = record.script.withLock { $0 }
    if script.delay > .zero { await loop.sleep(until: .now() + script.delay) }
    return Response(
      status: script.status, contentType: script.contentType, body: Array(script.body.utf8), fields: script.fields)
  }
}

/// A router in front of one backend, both on real sockets with TLS, and certificate authorities of its own.
struct RouterFixture {
  let frontProxies: TestAuthority
  let users: TestAuthority
  let api = ScriptedAPIServer()
  /// One for each backend: of `adapter.ns.svc`, then of `adapter-1.ns.svc` and so on.
  let backends: [BackendResponder.Record]
  var backend: BackendResponder.Record { backends[0] }
  let delegated = DelegatedConfigurationHolder()
  let tables = TableHolder()
  let outcomes = RecordedOutcomes()
  let transport: CurlTransport
  /// How the router reaches the backends.
  let dialling: Dialling
  let port: UInt16
  private let backendCertificate: ServingCertificate
  private let loops: [EventLoop]
  private let servers: [HTTPServer]

  /// A host that leads to the loopback, at any port.
  static let rawHost = "raw.ns.svc"

  let metrics: RouterMetrics
  let inFlight: InFlight
  let unsent: HeldBytes
  let credentials: BackendCredentials
  /// Of the router's token, by backends.
  let refusals = RefusalCount()

  /// `isOpen` lets everybody in. `conditions` keep the router from being ready, as one without a table is not. `protocols` is
  /// what the router offers by ALPN, `backendProtocols` what the backend does.
  init(
    isOpen: Bool = false, isRouted: Bool = true, conditions: [String] = [], workers: Int = 1,
    options: AuthenticationOptions = AuthenticationOptions(),
    requestsInFlight: Int = 0, answerBytes: Int = .max, breaker: CircuitBreaker.Settings = .init(),
    backends count: Int = 1,
    chain: ChainSettings = .init(), shadows: ShadowSettings = .init(),
    protocols: [String] = [HTTPServer.http2, HTTPServer.http1],
    backendProtocols: [String] = [HTTPServer.http2, HTTPServer.http1], logger: Logger = Logger(sink: DroppedLines())
  ) async throws {
    frontProxies = try TestAuthority("front-proxies")
    users = try TestAuthority("users")
    transport = try CurlTransport()
    let loops = try (0...workers).map { try EventLoop(name: $0 == workers ? "backend" : "router-\($0)") }
    let certificate = try ServingCertificate.selfSigned(names: (0..<count).map(Self.host) + ["127.0.0.1"], days: 1)
    let context = try TLSServerContext(certificate: certificate, protocols: protocols)
    let backendContext = try TLSServerContext(certificate: certificate, protocols: backendProtocols)
    let anyPort = try #require(SocketAddress("127.0.0.1", port: 0))
    backends = (0..<count).map { _ in BackendResponder.Record() }
    var (backendServers, rules): ([HTTPServer], [ConnectTo]) = ([], [])
    for (index, record) in backends.enumerated() {
      let server = HTTPServer(loop: loops[workers], tls: { backendContext }) { loop in
        BackendResponder(record: record, loop: loop)
      }
      let port = try await server.start(anyPort).port
      rules.append(try #require(ConnectTo("\(Self.host(of: index)):443:127.0.0.1:\(port)")))
      backendServers.append(server)
    }
    // Whatever port a test gives it.
    rules.append(try #require(ConnectTo("\(Self.rawHost)::127.0.0.1:")))
    let dialling = Dialling(
      defaultAuthority: nil, connectTo: rules, protocols: [HTTPServer.http2, HTTPServer.http1])
    self.dialling = dialling
    backendCertificate = certificate

    let tables = tables
    let readiness = Readiness(conditions: conditions)
    inFlight = InFlight(limit: requestsInFlight)
    unsent = HeldBytes(limit: answerBytes)
    let (unsent, received) = (unsent, HeldBytes(limit: answerBytes))
    let inFlight = inFlight
    metrics = RouterMetrics(tables: tables, inFlight: inFlight)
    credentials = BackendCredentials { [refusals] in refusals.add() }
    let credentials = credentials
    credentials.replace("router-token")
    let access = DelegatedAccess(
      authentication: api, authorization: api, configuration: delegated, options: options, observer: outcomes,
      logger: logger)
    let routerMetrics = metrics
    let shadowGate = ShadowGate(shadows)
    var limits = ConnectionPool.Limits()
    limits.held = received
    let makeResponder = { @Sendable [limits] (loop: EventLoop) -> any Responder in
      let backends = BackendSet(
        loop: loop, resolver: NameResolver(), dialling: dialling, limits: limits, breaker: breaker,
        metrics: routerMetrics)
      let shadowing = Shadowing(
        loop: loop, pools: ShadowPools(loop: loop, resolver: NameResolver(), dialling: dialling, limits: .init()),
        gate: shadowGate, credentials: credentials, metrics: routerMetrics.shadows, logger: logger, userAgent: "router")
      return RouterResponder(
        tables: tables, readiness: readiness, inFlight: inFlight,
        documentsInFlight: InFlight(limit: inFlight.limit), unsent: unsent,
        access: isOpen ? nil : access.makeAccess(loop),
        forwarder: Forwarder(
          backends: backends, loop: loop, credentials: credentials, settings: chain, shadowing: shadowing,
          metrics: routerMetrics, logger: logger, userAgent: "router"),
        backends: backends, metrics: routerMetrics, logger: logger)
    }
    var configuration = HTTPServer.Configuration()
    configuration.unsent = unsent
    let servers = loops.dropLast().map { [configuration] in
      HTTPServer(loop: $0, configuration: configuration, tls: { context }, makeResponder: makeResponder)
    }
    var address = anyPort
    for server in servers { address = try await server.start(address) }
    port = address.port
    self.loops = loops
    self.servers = servers + backendServers
    delegated.replace(try DelegatedConfiguration(configMap()))
    if isRouted { route() }
  }

  /// The data of the ConfigMap as kube-apiserver writes it.
  func configMap(allowedNames: String = #"["front-proxy-client"]"#) throws -> [String: String] {
    [
      "client-ca-file": String(decoding: try users.authority.certificatePEM(), as: UTF8.self),
      "requestheader-client-ca-file": String(decoding: try frontProxies.authority.certificatePEM(), as: UTF8.self),
      "requestheader-allowed-names": allowedNames,
      "requestheader-username-headers": #"["X-Remote-User"]"#,
      "requestheader-group-headers": #"["X-Remote-Group"]"#,
      "requestheader-extra-headers-prefix": #"["X-Remote-Extra-"]"#,
    ]
  }

  /// Routes pods/foo and queue_length to the first backend.
  func route(generation: UInt64 = 1, change: (inout RoutedSource) -> Void = { _ in }) {
    var source = source(0)
    change(&source)
    route([source], generation: generation)
  }

  func route(_ sources: [RoutedSource], generation: UInt64 = 1) {
    tables.replace(LoadedTable(Snapshot(generation: generation, writer: "test", time: "", sources: sources)))
  }

  /// The source of a backend, `adapter`, `adapter-1` and so on, which lists pods/foo and queue_length. The first one has the
  /// highest priority.
  func source(_ index: Int) -> RoutedSource {
    let name = index == 0 ? "adapter" : "adapter-\(index)"
    return RoutedSource(
      name: name, priority: 1 - index, serviceNamespace: "ns", serviceName: name,
      backend: .init(scheme: .https, host: Self.host(of: index), port: 443),
      tls: .init(
        serverName: Self.host(of: index),
        caBundle: String(decoding: (try? backendCertificate.certificatePEM) ?? [], as: UTF8.self)),
      sendsToken: true, timeoutSeconds: 2, customVersions: [.customV1Beta2], externalVersions: [.externalV1Beta1],
      listing: MetricsListing(
        custom: [.init(resource: "pods", isNamespaced: true, name: "foo")], external: ["queue_length"]),
      isStale: false)
  }

  private static func host(of backend: Int) -> String { backend == 0 ? "adapter.ns.svc" : "adapter-\(backend).ns.svc" }

  func get(
    _ path: String, method: String = "GET", headers: [(String, String)] = [],
    certificate: TestAuthority.Issued? = nil, intermediates: [TestAuthority] = []
  ) async throws -> CurlResponse {
    var tls = CurlRequest.TLS(verifiesServer: false)
    if let certificate {
      let chain = [certificate] + intermediates.map(\.authority)
      tls.clientCertificate = ClientCertificate(
        chain: try chain.flatMap { try $0.certificatePEM() }, key: try certificate.keyPEM())
    }
    let request = CurlRequest(
      method, "https://127.0.0.1:\(port)\(path)", headers: headers.map { .init($0.0, $0.1) }, tls: tls)
    return try await transport.send(request)
  }

  func end() async {
    await transport.shutdown()
    for server in servers { await server.drain(until: .now() + .seconds(2)) }
    for loop in loops { loop.stop() }
    frontProxies.remove()
    users.remove()
  }
}

final class RefusalCount: Sendable {
  private let count = Atomic(0)
  var value: Int { count.load(ordering: .relaxed) }
  func add() { count.add(1, ordering: .relaxed) }
}

struct DroppedLines: LogSink {
  func write(_ line: [UInt8]) {}
  func flush() {}
}

extension CurlResponse {
  var text: String { String(decoding: body, as: UTF8.self) }
}
