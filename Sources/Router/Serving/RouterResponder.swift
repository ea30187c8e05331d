import EventLoop
import HTTP
import Kubernetes
import MetricsAPI
import Routing
import Telemetry

/// The way of a request through the router: parse, authenticate, authorize, route, forward, answer. One for each event
/// loop; what it shares with the others is immutable or replaced as a whole.
final class RouterResponder: Responder {
  /// Nil where `--anonymous-auth` lets everybody in.
  struct Access {
    var authenticator: Authenticator
    var authorizer: Authorizer
  }

  private let tables: TableHolder
  private let readiness: Readiness
  private let access: Access?
  private let forwarder: Forwarder
  private let backends: BackendSet
  private let logger: Logger
  private var lastTable: LoadedTable?

  init(
    tables: TableHolder, readiness: Readiness, access: Access?, forwarder: Forwarder, backends: BackendSet,
    logger: Logger
  ) {
    self.tables = tables
    self.readiness = readiness
    self.access = access
    self.forwarder = forwarder
    self.backends = backends
    self.logger = logger
  }

  func respond(to request: RequestHead, on connection: ConnectionContext) async -> Response {
    let endpoint: Endpoint
    do throws(PathError) {
      endpoint = try Endpoint.parse(path: request.path)
    } catch {
      return StatusResponse.badRequest("\(error)")
    }
    if case .nonResource(let path) = endpoint, Self.isHealth(path) { return health(path, request) }
    if let refusal = await refusal(of: request, endpoint, on: connection) { return refusal }
    guard request.method == .get else { return StatusResponse.methodNotAllowed() }
    return await answer(request, endpoint)
  }

  // MARK: Who may

  private func refusal(
    of request: RequestHead, _ endpoint: Endpoint, on connection: ConnectionContext
  ) async -> Response? {
    guard let access else { return nil }
    let user: UserInfo
    do throws(Authenticator.Refusal) {
      user = try await access.authenticator.authenticate(request, on: connection)
    } catch {
      logger.info("unable to authenticate the request: \(error.reasons.joined(separator: "; "))", v: 1)
      return StatusResponse.unauthorized()
    }
    let path = String(decoding: request.path, as: UTF8.self)
    let attributes = endpoint.attributes(path: path, method: Self.name(request.method))
    do throws(APIError) {
      let decision = try await access.authorizer.decide(user, attributes)
      return decision.isAllowed ? nil : StatusResponse.forbidden(user, attributes, reason: decision.reason)
    } catch {
      // Nobody can say that the caller may: it may not.
      logger.error("SubjectAccessReview failed: \(error)")
      return StatusResponse.internalError("unable to authorize the request: the API server could not be asked")
    }
  }

  // MARK: What

  private func answer(_ request: RequestHead, _ endpoint: Endpoint) async -> Response {
    switch endpoint {
    case .groups: return json(discovery.groupList)
    case .group(let group): return json(discovery.group(group))
    case .resources(let version): return json(discovery.resourceList(version))
    case .metric(let metric): return await answer(metric, request)
    case .nonResource("/version"): return json(BuildVersion.json)
    case .nonResource, .unknown: return StatusResponse.notFound()
    }
  }

  private func answer(_ metric: MetricRequest, _ request: RequestHead) async -> Response {
    let query: MetricQuery
    do throws(QueryError) {
      query = try MetricQuery.parse(request.query)
    } catch {
      return StatusResponse.badRequest("\(error)")
    }
    if query.isWatch, metric.groupVersion.group == .external { return StatusResponse.methodNotAllowed() }
    guard let loaded = currentTable() else { return StatusResponse.unavailable("routing table not loaded") }
    guard let source = loaded.table.winner(for: metric.key) else {
      return StatusResponse.notFound(Self.unknownMetric(metric.key))
    }
    if logger.enabled(v: 2) {
      logger.info("\(metric.key) served by \(source.backend.url)", v: 2)
    }
    return await forwarder.forward(metric, query: query, to: source)
  }

  /// The words that reach the user in an event of the HorizontalPodAutoscaler.
  static func unknownMetric(_ key: MetricKey) -> String {
    switch key {
    case .custom(let metric): "custom metric \(metric.name) is not provided by any metrics backend"
    case .external(let name): "external metric \(name) is not provided by any metrics backend"
    }
  }

  private func currentTable() -> LoadedTable? {
    let current = tables.current
    if let current, current !== lastTable {
      lastTable = current
      backends.keepOnly(current.table)
    }
    return current
  }

  private var discovery: DiscoveryDocuments { tables.current?.discovery ?? .empty }

  private func json(_ body: [UInt8]) -> Response {
    Response(status: 200, contentType: "application/json", body: body)
  }

  // MARK: Health

  private static func isHealth(_ path: String) -> Bool { path == "/healthz" || path == "/livez" || path == "/readyz" }

  private func health(_ path: String, _ request: RequestHead) -> Response {
    let isVerbose = request.query.split(separator: UInt8(ascii: "&")).contains { $0.starts(with: "verbose".utf8) }
    return HealthResponse.response(path: path, isVerbose: isVerbose, readiness: readiness)
  }

  private static func name(_ method: RequestHead.Method) -> String {
    switch method {
    case .get: "GET"
    case .head: "HEAD"
    case .options: "OPTIONS"
    case .other(let name): name
    }
  }

  func maintain() { backends.maintain() }
  func close() { backends.close() }
}
