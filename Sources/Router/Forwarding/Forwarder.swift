import EventLoop
import HTTP
import MetricsAPI
import Routing
import TLS
import Telemetry

/// Sends a metric request to the sources that may answer it, one after another as they fall through, and the answer back.
/// Belongs to one event loop.
final class Forwarder {
  private let backends: BackendSet
  private let loop: EventLoop
  private let credentials: BackendCredentials
  private let logger: Logger
  private let userAgent: String
  private let metrics: RouterMetrics
  private let settings: ChainSettings
  /// Nil where no source is shadowed, whatever the table says.
  private let shadowing: Shadowing?
  private var unknown: UnknownMetrics
  /// The table in force. A chain that began before it was goes on by its own.
  private var table: RoutingTable?

  init(
    backends: BackendSet, loop: EventLoop, credentials: BackendCredentials, settings: ChainSettings,
    shadowing: Shadowing? = nil, metrics: RouterMetrics, logger: Logger, userAgent: String
  ) {
    self.backends = backends
    self.loop = loop
    self.credentials = credentials
    self.metrics = metrics
    self.logger = logger
    self.userAgent = userAgent
    self.settings = settings
    self.shadowing = shadowing
    unknown = UnknownMetrics(lifetime: settings.unknownMetricLifetime)
  }

  /// Another table is in force.
  func tableChanged(to table: RoutingTable) {
    self.table = table
    backends.keepOnly(table)
    shadowing?.keepOnly(table)
    unknown.removeAll()
  }

  func maintain() { shadowing?.maintain() }

  /// What shadows are asked at this moment is abandoned.
  func close() { shadowing?.close() }

  /// Asks `candidates`, of which there is at least one, until one answers. What a source said that fell through is dropped
  /// whole; where all of them do, the first one's is the answer.
  func forward(
    _ read: MetricRead, to candidates: ArraySlice<Candidate>, in table: RoutingTable, trace: inout RequestTrace
  ) async -> Response {
    let deadline = loop.now + settings.requestTimeout
    let isChain = candidates.count > 1
    var first: CandidateAttempt?
    var unavailable: CandidateAttempt?
    var isCutOff = false
    var skippedFirst: Int32?
    var copies: [ShadowCopy] = []
    defer {
      if !copies.isEmpty { shadowing?.send(copies) }
      // It may have asked sources that are gone.
      if let current = self.table, current !== table { backends.keepOnly(current) }
    }
    for candidate in candidates {
      let source = table.source(at: candidate.source)
      if isChain, candidate != candidates.last, isKnownNotToKnow(source, at: candidate.source, read, in: table) {
        metrics.unknownMetricSkips.child(source.name).add()
        if first == nil, skippedFirst == nil { skippedFirst = candidate.source }
        continue
      }
      guard loop.now < deadline else {
        isCutOff = true
        break
      }
      let attempt = await ask(
        source, at: (candidate.source, table), read, judgesItems: isChain,
        isCompared: isCompared(candidate.source, in: table), deadline: deadline, trace: &trace)
      copy(attempt, of: candidate.source, read, in: table, trace, into: &copies)
      guard let outcome = attempt.outcome, isChain, source.fallThrough.contains(outcome) else {
        return answer(attempt, &trace)
      }
      fellThrough(source, outcome, trace)
      if outcome == .notFound, table === self.table {
        unknown.insert(target(read), at: candidate.source, now: loop.now)
      }
      if first == nil { first = attempt }
      // 502 is also what an answer has become that could not be used.
      if unavailable == nil, outcome == .unavailable || attempt.response.status == 502 { unavailable = attempt }
    }
    // Somebody who might have had it gave no answer: that nobody else has it is none either. A 500 is one, by which some
    // adapters say that they do not know a metric.
    if let unavailable { return answerAfterAll(unavailable, &trace) }
    if isCutOff, first != nil {
      let limit = settings.requestTimeout.components.seconds
      return StatusResponse.gatewayTimeout(
        "not all metrics sources could be asked within --request-timeout (\(limit) s)")
    }
    // The first one's answer is wanted, and not remembered.
    if let skippedFirst, loop.now < deadline {
      let source = table.source(at: skippedFirst)
      let attempt = await ask(
        source, at: (skippedFirst, table), read, judgesItems: false,
        isCompared: isCompared(skippedFirst, in: table), deadline: deadline, trace: &trace)
      copy(attempt, of: skippedFirst, read, in: table, trace, into: &copies)
      return answer(attempt, &trace)
    }
    guard let first else {
      let limit = settings.requestTimeout.components.seconds
      return StatusResponse.gatewayTimeout("no metrics source could be asked within --request-timeout (\(limit) s)")
    }
    return answerAfterAll(first, &trace)
  }

  /// Asks each of `sources`, whatever the others say, for a person to compare, within the time that a request has for all.
  /// Tells empty lists from others. Of an answer no more is kept than is shown.
  func askEach(of sources: [RoutedSource], _ read: MetricRead) async -> [CandidateProbe.Finding] {
    var findings: [CandidateProbe.Finding] = []
    let deadline = loop.now + settings.requestTimeout
    for var source in sources {
      let given = source
      source.fallThrough.formUnion(FallThroughSet([.empty]))
      guard loop.now < deadline else {
        let limit = settings.requestTimeout.components.seconds
        findings.append(
          CandidateProbe.Finding(
            source: given, status: 504, duration: .zero, outcome: .unavailable,
            words: .message("not asked: the sources before it took the \(limit) s that --request-timeout allows")))
        continue
      }
      var trace = RequestTrace(id: "explain", startedAt: .now())
      let attempt = await ask(
        source, at: nil, read, judgesItems: true, isCompared: false, deadline: deadline, trace: &trace)
      findings.append(
        CandidateProbe.Finding(
          source: given, status: attempt.response.status, duration: MonotonicTime.now().since(trace.startedAt),
          outcome: attempt.outcome,
          words: BackendWords(status: attempt.response.status, body: attempt.response.body)))
    }
    return findings
  }

  /// Whether a shadow's answer will be held against that of the source, which has to be read for it.
  private func isCompared(_ index: Int32, in table: RoutingTable) -> Bool {
    !table.shadows(of: index).isEmpty && shadowing?.isOn == true
  }

  private func copy(
    _ attempt: CandidateAttempt, of index: Int32, _ read: MetricRead, in table: RoutingTable, _ trace: RequestTrace,
    into copies: inout [ShadowCopy]
  ) {
    guard let shadowing, !table.shadows(of: index).isEmpty else { return }
    shadowing.collect(attempt.response, of: index, read, in: table, requestID: trace.id, into: &copies)
  }

  private func answer(_ attempt: CandidateAttempt, _ trace: inout RequestTrace) -> Response {
    trace.source = attempt.backend
    return attempt.response
  }

  /// That of a source that fell through, for want of another.
  private func answerAfterAll(_ attempt: CandidateAttempt, _ trace: inout RequestTrace) -> Response {
    if let backend = attempt.backend, let outcome = attempt.outcome {
      metrics.exhaustedChains.child(backend.name, outcome.rawValue).add()
    }
    return answer(attempt, &trace)
  }

  private func fellThrough(_ source: RoutedSource, _ outcome: FallThrough, _ trace: RequestTrace) {
    metrics.fallThroughs.child(source.name, outcome.rawValue).add()
    if logger.enabled(v: 2) {
      logger.info(
        "metrics source \(source.name) fell through: \(outcome.rawValue)", v: 2, ["auditID": trace.id])
    }
  }

  // MARK: What sources are known not to know

  private func isKnownNotToKnow(
    _ source: RoutedSource, at index: Int32, _ read: MetricRead, in table: RoutingTable
  ) -> Bool {
    !unknown.isEmpty && table === self.table && source.fallThrough.contains(.notFound)
      && unknown.contains(target(read), at: index, now: loop.now)
  }

  private func target(_ read: MetricRead) -> String { read.target.text(for: read.request.groupVersion) }

  // MARK: One source

  /// `judgesItems` tells an empty list from others where the source falls through on it; its answer is then asked for in
  /// JSON, so that it can be looked at. So is one that `isCompared`, of callers that take JSON.
  private func ask(
    _ source: RoutedSource, at place: (index: Int32, table: RoutingTable)?, _ read: MetricRead, judgesItems: Bool,
    isCompared: Bool, deadline: MonotonicTime, trace: inout RequestTrace
  ) async -> CandidateAttempt {
    let backend: Backend
    do throws(TLSError) {
      if let place {
        backend = try backends.backend(at: place.index, in: place.table)
      } else {
        backend = try backends.backend(for: source)
      }
    } catch {
      return CandidateAttempt(
        response: StatusResponse.unavailable("metrics source \(source.name): \(error)"), outcome: .unavailable,
        backend: nil)
    }
    let spoken = Self.version(for: read.request.groupVersion, spokenBy: source)
    let judgesItems = judgesItems && source.fallThrough.contains(.empty)
    let passesThrough = spoken == read.request.groupVersion && !judgesItems
    let readable = isCompared ? read.presentation.wanted(passesThrough: false) : nil
    guard let accept = readable ?? read.presentation.wanted(passesThrough: passesThrough) else {
      return CandidateAttempt(
        response: StatusResponse.notAcceptable(passesThrough ? .all : .written), outcome: nil, backend: backend)
    }
    let begun = MonotonicTime.now()
    let joined = await join(
      backend, spoken, accept: accept, read, deadline: deadline, requestID: trace.id)
    // Before the breaker is asked, which may take this request for its probe and waits for the end of that.
    let authorization: String?
    do throws(CredentialsUnavailable) {
      authorization = joined == nil ? try credentials.authorization(for: source) : nil
    } catch {
      return CandidateAttempt(
        response: StatusResponse.unavailable("metrics source \(source.name): \(error)"), outcome: .unavailable,
        backend: backend)
    }
    if joined == nil, let reason = backend.reasonNotToAsk() {
      return CandidateAttempt(
        response: StatusResponse.unavailable("metrics source \(source.name): \(reason)"), outcome: .unavailable,
        backend: backend)
    }
    do throws(ExchangeError) {
      let answer: ReceivedResponse
      if let joined {
        trace.backendDuration = (trace.backendDuration ?? .zero) + MonotonicTime.now().since(begun)
        answer = try joined.get()
      } else {
        answer = try await lead(
          backend, spoken, accept: accept, authorization, source, read, deadline: deadline, trace: &trace)
        // The token may have been revoked since.
        if answer.status == 401 { credentials.refused(by: source) }
      }
      let reading = BackendAnswer.read(
        answer, source: source.name, spoken: spoken, wanted: read.request.groupVersion, accept: accept,
        judgesItems: judgesItems)
      return CandidateAttempt(response: reading.response, outcome: reading.outcome, backend: backend)
    } catch {
      logger.warning(
        "metrics source \(source.name) did not answer: \(error)",
        ["url": source.backend.description, "auditID": trace.id])
      return CandidateAttempt(
        response: Self.failure(error, source: source.name), outcome: Self.outcome(of: error), backend: backend)
    }
  }

  /// The answer to the same request that is under way already; nil where there is none to wait for, or it came to no end of
  /// its own. A source that has failed repeatedly is not waited for: its breaker decides.
  private func join(
    _ backend: Backend, _ version: MetricsGroupVersion, accept: String, _ read: MetricRead, deadline: MonotonicTime,
    requestID: String
  ) async -> Result<ReceivedResponse, ExchangeError>? {
    while backend.isTrusted,
      let flight = read.target.flights.first(where: {
        $0.answers(backend, version, accept: accept, at: loop.now, by: deadline)
      })
    {
      guard case .ended(let result) = await flight.outcome() else { continue }
      metrics.coalesced.child(backend.name).add()
      if logger.enabled(v: 2) {
        logger.info("shared the answer to another request", v: 2, ["auditID": requestID, "request": flight.requestID])
      }
      return result
    }
    return nil
  }

  /// Asks the source, for all who ask the same until the answer is there.
  private func lead(
    _ backend: Backend, _ version: MetricsGroupVersion, accept: String, _ authorization: String?,
    _ source: RoutedSource, _ read: MetricRead, deadline: MonotonicTime, trace: inout RequestTrace
  ) async throws(ExchangeError) -> ReceivedResponse {
    let message = BackendRequest.make(
      read.target.text(for: version), authority: backend.authority,
      authorization: authorization, accept: accept, userAgent: userAgent, requestID: trace.id)
    let timeout = Duration.seconds(source.timeoutSeconds)
    let own = loop.now + timeout
    let flight = Flight(
      to: backend, version, accept: accept, requestID: trace.id, at: loop.now, timeout: timeout,
      deadline: min(own, deadline))
    if settings.coalesces { read.target.flights.append(flight) }
    let begun = MonotonicTime.now()
    let result: Result<ReceivedResponse, ExchangeError>
    do throws(ExchangeError) {
      result = .success(try await backend.exchange(message, deadline: own, cutOffAt: deadline))
    } catch {
      result = .failure(error)
    }
    observe(backend, since: begun, &trace)
    read.target.flights.removeAll { $0 === flight }
    var outcome = Flight.Outcome.ended(result)
    if deadline < own, case .failure(.timedOut) = result { outcome = .cutOff }
    flight.end(outcome)
    return try result.get()
  }

  private func observe(_ backend: Backend, since begun: MonotonicTime, _ trace: inout RequestTrace) {
    let duration = MonotonicTime.now().since(begun)
    trace.backendDuration = (trace.backendDuration ?? .zero) + duration
    backend.metrics.duration.observe(duration)
  }

  /// The version that is asked for, if the backend speaks it, else the one that it does.
  static func version(for wanted: MetricsGroupVersion, spokenBy source: RoutedSource) -> MetricsGroupVersion {
    guard wanted.group == .custom, !source.customVersions.contains(wanted) else { return wanted }
    return MetricsGroup.custom.versions.first { source.customVersions.contains($0) } ?? wanted
  }

  private static func outcome(of error: ExchangeError) -> FallThrough {
    switch error {
    case .malformed, .protocolViolation: .serverError
    case .timedOut, .unresolved, .refused, .unreachable, .tls, .broken, .overloaded, .answersTooLarge: .unavailable
    }
  }

  private static func failure(_ error: ExchangeError, source: String) -> Response {
    let message = "metrics source \(source): \(error)"
    switch error {
    case .timedOut: return StatusResponse.gatewayTimeout(message)
    case .malformed, .protocolViolation: return StatusResponse.badGateway(message)
    case .unresolved, .refused, .unreachable, .tls, .broken, .overloaded, .answersTooLarge:
      return StatusResponse.unavailable(message)
    }
  }
}
