import EventLoop
import HTTP
import MetricsAPI
import Routing
import TLS
import Telemetry

/// Sends copies of requests to the sources that shadow others, and compares what they say. Belongs to one event loop, on
/// which it only waits; nobody waits for it. On shutdown what is under way is abandoned.
actor Shadowing {
  private let loop: EventLoop
  private let pools: ShadowPools
  private let gate: ShadowGate
  private let credentials: BackendCredentials
  private let metrics: ShadowMetrics
  private let logger: Logger
  private let userAgent: String
  private var isClosed = false

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(
    loop: EventLoop, pools: sending ShadowPools, gate: ShadowGate, credentials: BackendCredentials,
    metrics: ShadowMetrics, logger: Logger, userAgent: String
  ) {
    self.loop = loop
    self.pools = pools
    self.gate = gate
    self.credentials = credentials
    self.metrics = metrics
    self.logger = logger
    self.userAgent = userAgent
  }

  // MARK: From the loop

  /// Whether copies are sent at all.
  nonisolated var isOn: Bool { !gate.isOff }

  /// Takes note of what the source at `index` answered, for the sources that shadow it; to be sent once the caller has its
  /// answer. The answer is kept only where it will be compared.
  nonisolated func collect(
    _ answer: Response, of index: Int32, _ read: MetricRead, in table: RoutingTable, requestID: String,
    into copies: inout [ShadowCopy]
  ) {
    // Of a router that could not ask, since the caller accepts nothing that it can give.
    if gate.isOff || answer.status == 406 { return }
    let source = table.source(at: index)
    for shadow in table.shadows(of: index) {
      let shadow = table.source(at: shadow)
      guard shadow.serves(read.request.groupVersion.group) else { continue }
      if answer.status == 200, answer.contentType != MediaType.json.name {
        metrics.skipped(shadow.name, of: source.name, "protobuf")
      } else if answer.body.count > ShadowSettings.maximumBody {
        metrics.skipped(shadow.name, of: source.name, "size")
      } else if let refusal = gate.enter(shadow.name, at: .now()) {
        metrics.skipped(shadow.name, of: source.name, refusal.rawValue)
      } else {
        copies.append(
          ShadowCopy(
            request: read.request, query: read.query, answer: answer, of: source.name, shadow: shadow,
            requestID: requestID))
      }
    }
  }

  /// Sends what ``collect(_:of:_:in:requestID:into:)`` has taken note of.
  nonisolated func send(_ copies: [ShadowCopy]) {
    for copy in copies { Task(executorPreference: loop) { await self.ask(copy) } }
  }

  nonisolated func keepOnly(_ table: RoutingTable) {
    gate.keepOnly(table)
    assumeIsolated { $0.pools.keepOnly(table) }
  }

  nonisolated func maintain() { assumeIsolated { $0.pools.maintain() } }

  nonisolated func close() {
    assumeIsolated { shadowing in
      shadowing.isClosed = true
      shadowing.pools.close()
    }
  }

  // MARK: In tasks of their own

  private func ask(_ copy: ShadowCopy) async {
    defer { gate.leave() }
    if isClosed { return }
    let spoken = Forwarder.version(for: copy.request.groupVersion, spokenBy: copy.shadow)
    let answer = await exchange(copy, spoken)
    let tolerance = gate.settings.tolerance
    // Away from the loop, which has others to serve.
    let comparison = await Task.detached(priority: .background) {
      Self.compare(copy, answer, spoken: spoken, tolerance: tolerance)
    }.value
    metrics.compared(copy.shadow.name, of: copy.of, comparison)
    if logger.enabled(v: 2) { log(comparison, copy, answer) }
  }

  private func exchange(
    _ copy: ShadowCopy, _ spoken: MetricsGroupVersion
  ) async -> Result<ReceivedResponse, ShadowFailure> {
    let pool: ConnectionPool
    let authorization: String?
    do {
      pool = try pools.pool(for: copy.shadow)
      authorization = try credentials.authorization(for: copy.shadow)
    } catch {
      return .failure(ShadowFailure(description: "\(error)"))
    }
    let backend = copy.shadow.backend
    let message = BackendRequest.make(
      BackendTarget(copy.request, copy.query).text(for: spoken), authority: "\(backend.host):\(backend.port)",
      authorization: authorization, accept: MediaType.json.name, userAgent: userAgent,
      requestID: copy.requestID)
    do throws(ExchangeError) {
      return .success(
        try await pool.exchange(message, deadline: loop.now + .seconds(copy.shadow.timeoutSeconds)))
    } catch {
      return .failure(ShadowFailure(description: "\(error)"))
    }
  }

  private static func compare(
    _ copy: ShadowCopy, _ answer: Result<ReceivedResponse, ShadowFailure>, spoken: MetricsGroupVersion,
    tolerance: Double
  ) -> Comparison {
    let wanted = copy.request.groupVersion
    let shadow: Comparison.Side
    switch answer {
    case .success(let received):
      let reading = BackendAnswer.read(
        received, source: copy.shadow.name, spoken: spoken, wanted: wanted,
        accept: MediaType.json.name, judgesItems: false)
      shadow = Comparison.Side(reading.response, wanted.group)
    case .failure: shadow = .failure(status: 503)
    }
    return Comparison(Comparison.Side(copy.answer, wanted.group), shadow, tolerance: tolerance)
  }

  // MARK: Words

  private func log(_ comparison: Comparison, _ copy: ShadowCopy, _ answer: Result<ReceivedResponse, ShadowFailure>) {
    if comparison.result == .agreed { return }
    var error = ""
    if case .failure(let failure) = answer { error = failure.description }
    let difference = comparison.largest
    logger.info(
      "metrics source \(copy.shadow.name) does not answer as \(copy.of) does", v: 2,
      [
        "metric": "\(copy.request.lookup)", "result": comparison.result.rawValue, "item": difference?.item ?? "",
        "value": difference?.primary ?? "", "shadowValue": difference?.shadow ?? "", "error": error,
        "auditID": copy.requestID,
      ])
  }
}

/// Why a shadow gave no answer, in words for the log.
struct ShadowFailure: Error, Sendable {
  let description: String
}
