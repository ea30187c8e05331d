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
    _ request: MetricRequest, query: MetricQuery, to source: RoutedSource, requestID: String
  ) async -> Response {
    let backend: Backend
    do throws(TLSError) {
      backend = try backends.backend(for: source)
    } catch {
      return StatusResponse.unavailable("metrics source \(source.name): \(error)")
    }
    if let wait = backend.breaker.timeToWait(at: loop.now) {
      return StatusResponse.unavailable(
        "metrics source \(source.name) has failed repeatedly and is not asked for \(max(1, wait.components.seconds)) s; the last failure: \(backend.breaker.lastFailure)"
      )
    }
    let spoken = Self.version(for: request.groupVersion, spokenBy: source)
    let message = BackendRequest.make(
      request, query: query, version: spoken, to: source, token: token(for: source), accept: "application/json",
      userAgent: userAgent, requestID: requestID)
    do throws(ExchangeError) {
      let answer = try await backend.pool.exchange(message, deadline: loop.now + .seconds(source.timeoutSeconds))
      judge(answer, backend)
      return BackendAnswer.response(
        to: answer, source: source.name, spoken: spoken, wanted: request.groupVersion)
    } catch {
      judge(error, backend)
      logger.warning(
        "metrics source \(source.name) did not answer: \(error)",
        ["url": source.backend.description, "auditID": requestID])
      return Self.failure(error, source: source.name)
    }
  }

  /// 502 to 504 come from what stands before an adapter that is down. Other codes, 500 among them, are what adapters say of
  /// one metric: KEDA and Datadog answer 500 for a metric that they do not know.
  private func judge(_ answer: ReceivedResponse, _ backend: Backend) {
    if (502...504).contains(answer.status) {
      backend.breaker.failed("status \(answer.status)", at: loop.now)
    } else {
      backend.breaker.succeeded()
    }
  }

  private func judge(_ error: ExchangeError, _ backend: Backend) {
    if case .overloaded = error {
      backend.breaker.abandoned()
    } else {
      backend.breaker.failed("\(error)", at: loop.now)
    }
  }

  /// The version that is asked for, if the backend speaks it, else the one that it does.
  static func version(for wanted: MetricsGroupVersion, spokenBy source: RoutedSource) -> MetricsGroupVersion {
    guard wanted.group == .custom, !source.customVersions.contains(wanted) else { return wanted }
    return MetricsGroup.custom.versions.first { source.customVersions.contains($0) } ?? wanted
  }

  /// The router's token goes over TLS alone (a source that skips verification has asked for it by saying so), and to no
  /// source that forbids it.
  private func token(for source: RoutedSource) -> String? {
    guard source.sendsToken, source.backend.scheme == .https else { return nil }
    return credentials.token
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
