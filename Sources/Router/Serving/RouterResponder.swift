import EventLoop
import HTTP
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

  /// In bytes, percent-encoded. Names are far shorter; decisions are remembered by them.
  private static let maximumPath = 4096

  private let tables: TableHolder
  private let readiness: Readiness
  private let inFlight: InFlight
  private let access: Access?
  private let forwarder: Forwarder
  private let backends: BackendSet
  private let metrics: RouterMetrics
  private let observation: RequestObservation
  private let logger: Logger
  private var lastTable: LoadedTable?

  init(
    tables: TableHolder, readiness: Readiness, inFlight: InFlight, access: Access?, forwarder: Forwarder,
    backends: BackendSet, metrics: RouterMetrics, logger: Logger
  ) {
    self.tables = tables
    self.readiness = readiness
    self.inFlight = inFlight
    self.access = access
    self.forwarder = forwarder
    self.backends = backends
    self.metrics = metrics
    observation = RequestObservation(metrics, logger: logger)
    self.logger = logger
  }

  func respond(to request: RequestHead, on connection: ConnectionContext) async -> Response {
    var trace = observation.begin(request)
    var response = await answer(request, on: connection, &trace)
    response.fields.append(("Audit-Id", trace.id))
    observation.end(request, trace, response, on: connection)
    return response
  }

  private func answer(
    _ request: RequestHead, on connection: ConnectionContext, _ trace: inout RequestTrace
  ) async -> Response {
    guard request.path.count <= Self.maximumPath else { return StatusResponse.pathTooLong(limit: Self.maximumPath) }
    let path: RequestPath
    do throws(PathError) {
      path = try RequestPath.parse(Array(request.path))
    } catch {
      return StatusResponse.badRequest("\(error)")
    }
    if case .nonResource(let path) = path.endpoint, Self.isHealth(path), access?.authorizer.isOpen(path) ?? true {
      return health(path, request)
    }
    guard inFlight.enter() else {
      observation.rejectedOne()
      return StatusResponse.tooManyRequests()
    }
    defer { inFlight.leave() }
    if case .metric(let metric) = path.endpoint { trace.groupVersion = metric.groupVersion }
    let query = Self.query(of: request)
    if let refusal = await refusal(of: request, path, query, on: connection, &trace) { return refusal }
    guard request.method == .get else { return StatusResponse.methodNotAllowed() }
    if case .nonResource(let path) = path.endpoint, Self.isHealth(path) { return health(path, request) }
    if let response = document(path, query, request) { return response }
    return await answer(path.endpoint, query, &trace)
  }

  // MARK: Who may

  private func refusal(
    of request: RequestHead, _ path: RequestPath, _ query: Result<MetricQuery, QueryError>,
    on connection: ConnectionContext, _ trace: inout RequestTrace
  ) async -> Response? {
    guard let access else { return nil }
    let user: UserInfo
    do throws(Authenticator.Refusal) {
      user = try await access.authenticator.authenticate(request, on: connection)
    } catch {
      logger.info(
        "unable to authenticate the request: \(error.reasons.joined(separator: "; "))", v: 1, ["auditID": trace.id])
      return error.response
    }
    trace.user = user.name
    let watches = (try? query.get())?.watch ?? false
    let question = AccessQuestion(user: user, path: path, method: request.method.name, watches: watches)
    do throws(ReviewFailure) {
      let decision = try await access.authorizer.decide(question)
      return decision.isAllowed ? nil : StatusResponse.forbidden(user, question.attributes, reason: decision.reason)
    } catch .overloaded {
      return StatusResponse.tooManyReviews()
    } catch {
      // Nobody can say that the caller may: it may not.
      logger.error("SubjectAccessReview failed: \(error)")
      return StatusResponse.internalError("unable to authorize the request: the API server could not be asked")
    }
  }

  // MARK: What

  private func answer(
    _ endpoint: Endpoint, _ query: Result<MetricQuery, QueryError>, _ trace: inout RequestTrace
  ) async -> Response {
    switch endpoint {
    case .metric(let metric):
      switch query {
      case .success(let query): return await answer(metric, query, &trace)
      case .failure(let error): return StatusResponse.badRequest("\(error)")
      }
    case .nonResource("/version"): return json(BuildVersion.json)
    case .nonResource("/metrics"):
      return Response(status: 200, contentType: MetricsRegistry.contentType, body: metrics.registry.render())
    case .groups, .group, .resources, .nonResource, .unknown: return StatusResponse.notFound()
    }
  }

  /// Of discovery and of OpenAPI; nil where a path is of neither.
  private func document(
    _ path: RequestPath, _ query: Result<MetricQuery, QueryError>, _ request: RequestHead
  ) -> Response? {
    switch path.endpoint {
    case .metric: return nil
    case .nonResource, .unknown:
      return OpenAPIPath(path.text).map { OpenAPIDocuments.all.response($0, to: request) }
    case .groups, .group, .resources:
      let isPretty = PrettyJSON.isPretty(
        query: (try? query.get())?.pretty, userAgent: request.headers.first("user-agent"))
      let accept = request.headers.first("accept")
      return discovery.choice(path.endpoint, accept: accept, isPretty: isPretty)?.response(to: request)
    }
  }

  private func answer(
    _ metric: MetricRequest, _ query: MetricQuery, _ trace: inout RequestTrace
  ) async -> Response {
    if query.watch, metric.groupVersion.group == .external { return StatusResponse.methodNotAllowed() }
    guard let loaded = currentTable() else { return StatusResponse.unavailable("routing table not loaded") }
    let key = metric.lookup
    guard let winner = loaded.table.candidates(for: key).first else {
      return StatusResponse.notFound(key.notProvidedMessage)
    }
    let source = loaded.table.source(at: winner.source)
    if logger.enabled(v: 2) {
      logger.info("\(key) served by \(source.backend)", v: 2)
    }
    return await forwarder.forward(metric, query: query, to: source, trace: &trace)
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

  private static func query(of request: RequestHead) -> Result<MetricQuery, QueryError> {
    do throws(QueryError) {
      return .success(request.query.isEmpty ? MetricQuery() : try MetricQuery.parse(Array(request.query)))
    } catch {
      return .failure(error)
    }
  }

  func maintain() {
    _ = currentTable()
    backends.maintain()
  }

  func close() { backends.close() }
}
