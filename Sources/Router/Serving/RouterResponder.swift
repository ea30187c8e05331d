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
  /// Bytes of an answer that is given whatever others have not read theirs: health, and that there is no room.
  private static let smallAnswer = 1024

  private let tables: TableHolder
  private let readiness: Readiness
  private let inFlight: InFlight
  /// Of what is answered from memory: sources that are slow shall not keep anybody from it.
  private let documentsInFlight: InFlight
  private let unsent: HeldBytes
  let access: Access?
  private let forwarder: Forwarder
  private let backends: BackendSet
  private let metrics: RouterMetrics
  private let observation: RequestObservation
  let logger: Logger
  private let targets = TargetMemo()
  private var lastTable: LoadedTable?
  /// Counts the tables that this loop has seen: unlike a reference, it is never that of another one later.
  private var epoch = 0

  init(
    tables: TableHolder, readiness: Readiness, inFlight: InFlight, documentsInFlight: InFlight, unsent: HeldBytes,
    access: Access?,
    forwarder: Forwarder, backends: BackendSet, metrics: RouterMetrics, logger: Logger
  ) {
    self.tables = tables
    self.readiness = readiness
    self.inFlight = inFlight
    self.documentsInFlight = documentsInFlight
    self.unsent = unsent
    self.access = access
    self.forwarder = forwarder
    self.backends = backends
    self.metrics = metrics
    observation = RequestObservation(metrics, logger: logger)
    self.logger = logger
  }

  func respond(to head: RequestHead, on connection: ConnectionContext) async -> Response {
    var trace = observation.begin(head)
    var response = await answer(head, on: connection, &trace)
    if response.heldBytes > Self.smallAnswer, !unsent.hasRoom(for: response.heldBytes) {
      observation.rejectedOne()
      response = StatusResponse.tooManyRequests()
    }
    response.fields.append(("Audit-Id", trace.id))
    // HTTP/2 is worth most to who abuses it (CVE-2023-44487): strangers get a request a connection, as genericapiserver has
    // it (`pkg/endpoints/filters/authentication.go`, UnauthenticatedHTTP2DOSMitigation).
    if trace.isUnidentified, head.version == .http2 { response.closesConnection = true }
    observation.end(head, trace, response, on: connection)
    return response
  }

  private func answer(
    _ head: RequestHead, on connection: ConnectionContext, _ trace: inout RequestTrace
  ) async -> Response {
    guard head.path.count <= Self.maximumPath else { return StatusResponse.pathTooLong(limit: Self.maximumPath) }
    let request: RouterRequest
    do throws(PathError) {
      request = try RouterRequest(head, targets: targets)
    } catch {
      return StatusResponse.badRequest("\(error)")
    }
    if let path = request.healthPath, access?.authorizer.isOpen(path) ?? true { return health(path, head) }
    var place = documentsInFlight
    if case .metric(let metric) = request.path.endpoint {
      trace.groupVersion = metric.groupVersion
      place = inFlight
    }
    guard place.enter() else {
      observation.rejectedOne()
      return StatusResponse.tooManyRequests()
    }
    defer { place.leave() }
    if let refusal = await refusal(of: request, on: connection, &trace) { return request.presentation.write(refusal) }
    guard head.method == .get else {
      // Where there is nothing to read there is no method that would be allowed.
      let refusal = request.namesNothing ? StatusResponse.notFound() : StatusResponse.methodNotAllowed()
      return request.presentation.write(refusal)
    }
    if let document = document(request) { return document }
    return request.presentation.write(await answer(request, &trace))
  }

  // MARK: From memory

  /// Of health, discovery, OpenAPI or telemetry; nil where the path is of none of them. Written already as the caller
  /// wants it.
  private func document(_ request: RouterRequest) -> Response? {
    switch request.path.endpoint {
    case .metric: return nil
    case .groups, .group, .resources:
      let documents = tables.current?.discovery ?? .empty
      return documents.choice(
        request.path.endpoint, accept: request.head.headers.first("accept"), isPretty: request.presentation.isPretty)?
        .response(to: request.head)
    case .nonResource("/metrics"):
      return Response(status: 200, contentType: MetricsRegistry.contentType, body: metrics.registry.render())
    case .nonResource, .unknown:
      if let path = request.healthPath { return health(path, request.head) }
      return OpenAPIPath(request.path.text).map { OpenAPIDocuments.all.response($0, to: request.head) }
    }
  }

  private func health(_ path: String, _ request: RequestHead) -> Response {
    HealthResponse.response(path: path, query: request.query, readiness: readiness)
  }

  // MARK: From a source

  private func answer(_ request: RouterRequest, _ trace: inout RequestTrace) async -> Response {
    switch (request.path.endpoint, request.target.query) {
    case (.metric, .failure(let error)): return StatusResponse.badRequest("\(error)")
    case (.metric(let metric), .success(let query)): return await answer(metric, query, request, &trace)
    case (.nonResource("/version"), _):
      return Response(status: 200, contentType: MediaType.json.name, body: BuildVersion.json)
    default: return StatusResponse.notFound()
    }
  }

  private func answer(
    _ metric: MetricRequest, _ query: MetricQuery, _ request: RouterRequest, _ trace: inout RequestTrace
  ) async -> Response {
    if query.watch, metric.groupVersion.group == .external { return StatusResponse.watchNotSupported(.external) }
    guard let loaded = currentTable() else { return StatusResponse.unavailable("routing table not loaded") }
    let destination: ReadTarget.Destination
    if let known = request.target.destination(in: epoch) {
      destination = known
    } else {
      switch Route(metric, query, in: loaded.table) {
      case .nowhere(let refusal): return refusal
      case .candidates(let candidates, let query):
        destination = ReadTarget.Destination(
          candidates: candidates, target: BackendTarget(metric, query), epoch: epoch)
        request.target.remember(destination)
      }
    }
    let read = MetricRead(target: destination.target, presentation: request.presentation)
    let response = await forwarder.forward(read, to: destination.candidates, in: loaded.table, trace: &trace)
    if logger.enabled(v: 2), let source = trace.source {
      logger.info("\(metric.lookup) served by \(source.endpoint.backend)", v: 2)
    }
    return response
  }

  private func currentTable() -> LoadedTable? {
    let current = tables.current
    if let current, current !== lastTable {
      lastTable = current
      epoch += 1
      targets.forgetDestinations()
      forwarder.tableChanged(to: current.table)
    }
    return current
  }

  // MARK: Housekeeping

  func maintain() {
    _ = currentTable()
    backends.maintain()
    forwarder.maintain()
  }

  func close() {
    backends.close()
    forwarder.close()
  }
}
