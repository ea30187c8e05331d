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

  func forward(_ request: MetricRequest, query: MetricQuery, to source: RoutedSource) async -> Response {
    let spoken = Self.version(for: request.groupVersion, spokenBy: source)
    let message = BackendRequest.render(
      request, query: query, version: spoken, to: source, token: token(for: source), userAgent: userAgent)
    let pool: ConnectionPool
    do throws(TLSError) {
      pool = try backends.pool(for: source)
    } catch {
      return StatusResponse.unavailable("metrics source \(source.name): \(error)")
    }
    let deadline = loop.now + .seconds(source.timeoutSeconds)
    do throws(ExchangeError) {
      let answer = try await pool.exchange(message, deadline: deadline)
      return BackendAnswer.response(
        to: answer, source: source.name, spoken: spoken, wanted: request.groupVersion)
    } catch {
      logger.warning("metrics source \(source.name) did not answer: \(error)", ["url": source.backend.description])
      return Self.failure(error, source: source.name)
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
    case .malformed: return StatusResponse.badGateway(message)
    case .unresolved, .unreachable, .tls, .broken: return StatusResponse.unavailable(message)
    }
  }
}
