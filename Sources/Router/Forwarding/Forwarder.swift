import EventLoop
import HTTP
import MetricsAPI
import Routing
import TLS
import Telemetry

/// Sends a metric request to the source that answers it, and its answer back. Belongs to one event loop.
final class Forwarder {
  private let backends: BackendSet
  private let loop: EventLoop
  private let credentials: BackendCredentials
  private let logger: Logger
  private let userAgent: String

  init(
    backends: BackendSet, loop: EventLoop, credentials: BackendCredentials, logger: Logger, userAgent: String
  ) {
    self.backends = backends
    self.loop = loop
    self.credentials = credentials
    self.logger = logger
    self.userAgent = userAgent
  }

  func forward(
    _ request: MetricRequest, query: MetricQuery, to source: RoutedSource, presentation: Presentation,
    trace: inout RequestTrace
  ) async -> Response {
    let backend: Backend
    do throws(TLSError) {
      backend = try backends.backend(for: source)
    } catch {
      return StatusResponse.unavailable("metrics source \(source.name): \(error)")
    }
    trace.source = backend
    let spoken = Self.version(for: request.groupVersion, spokenBy: source)
    let passesThrough = spoken == request.groupVersion
    guard let accept = presentation.wanted(passesThrough: passesThrough) else {
      return StatusResponse.notAcceptable(passesThrough ? .all : .written)
    }
    if let reason = backend.reasonNotToAsk() {
      return StatusResponse.unavailable("metrics source \(source.name): \(reason)")
    }
    let message = BackendRequest.make(
      request, query: query, version: spoken, authority: backend.authority, authorization: authorization(for: source),
      accept: accept, userAgent: userAgent, requestID: trace.id)
    let begun = MonotonicTime.now()
    do throws(ExchangeError) {
      let answer = try await backend.exchange(message, deadline: loop.now + .seconds(source.timeoutSeconds))
      observe(backend, since: begun, &trace)
      return BackendAnswer.response(
        to: answer, source: source.name, spoken: spoken, wanted: request.groupVersion)
    } catch {
      observe(backend, since: begun, &trace)
      logger.warning(
        "metrics source \(source.name) did not answer: \(error)",
        ["url": source.backend.description, "auditID": trace.id])
      return Self.failure(error, source: source.name)
    }
  }

  private func observe(_ backend: Backend, since begun: MonotonicTime, _ trace: inout RequestTrace) {
    let duration = MonotonicTime.now().since(begun)
    trace.backendDuration = duration
    backend.metrics.duration.observe(duration)
  }

  /// The version that is asked for, if the backend speaks it, else the one that it does.
  static func version(for wanted: MetricsGroupVersion, spokenBy source: RoutedSource) -> MetricsGroupVersion {
    guard wanted.group == .custom, !source.customVersions.contains(wanted) else { return wanted }
    return MetricsGroup.custom.versions.first { source.customVersions.contains($0) } ?? wanted
  }

  /// The router's token goes over TLS alone (a source that skips verification has asked for it by saying so), and to no
  /// source that forbids it.
  private func authorization(for source: RoutedSource) -> String? {
    guard source.sendsToken, source.backend.scheme == .https else { return nil }
    return credentials.authorization
  }

  private static func failure(_ error: ExchangeError, source: String) -> Response {
    let message = "metrics source \(source): \(error)"
    switch error {
    case .timedOut: return StatusResponse.gatewayTimeout(message)
    case .malformed, .protocolViolation: return StatusResponse.badGateway(message)
    case .unresolved, .unreachable, .tls, .broken, .overloaded: return StatusResponse.unavailable(message)
    }
  }
}
