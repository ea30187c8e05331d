import EventLoop
import HTTP
import Routing

/// One metrics source as one event loop deals with it: its connections, whether it is worth asking, and what is counted
/// of it.
final class Backend {
  /// What decides whether connections can be kept when the source changes.
  struct Endpoint: Equatable {
    var backend: RoutedSource.Backend
    var tls: RoutedSource.TLS
    /// Of the default authorities, where they count.
    var authoritiesVersion: Int?

    init(_ source: RoutedSource, _ dialling: Dialling) {
      backend = source.backend
      tls = source.tls
      authoritiesVersion = dialling.authoritiesVersion(of: source)
    }
  }

  /// Of the metrics source.
  let name: String
  let endpoint: Endpoint
  /// `host:port`, as requests name it.
  let authority: String
  let metrics: SourceMetrics
  private let pool: ConnectionPool
  private let loop: EventLoop
  private var breaker: CircuitBreaker
  /// Whether it is one of those in use, and not for one request alone.
  private var isKept = true

  init(
    name: String, endpoint: Endpoint, pool: ConnectionPool, loop: EventLoop, breaker: CircuitBreaker,
    metrics: SourceMetrics
  ) {
    self.name = name
    self.endpoint = endpoint
    authority = "\(endpoint.backend.host):\(endpoint.backend.port)"
    self.pool = pool
    self.loop = loop
    self.breaker = breaker
    self.metrics = metrics
  }

  /// Whether the source answers, as far as is known.
  var isTrusted: Bool { breaker.state(at: loop.now) == .closed }

  /// Nil where the source may be asked, once, by ``exchange(_:deadline:)``; else why it is not.
  func reasonNotToAsk() -> String? {
    guard let wait = breaker.timeToWait(at: loop.now) else { return nil }
    return "it has failed repeatedly and is not asked for \(max(1, wait.components.seconds)) s; "
      + "the last failure: \(breaker.lastFailure)"
  }

  /// Sends `request` and returns the whole answer. The source has until `deadline`; that the request as a whole is cut off
  /// earlier is not held against it. To be called once ``reasonNotToAsk()`` has given none.
  func exchange(
    _ request: ClientRequest, deadline: MonotonicTime, cutOffAt cutOff: MonotonicTime
  ) async throws(ExchangeError) -> ReceivedResponse {
    do throws(ExchangeError) {
      let answer = try await pool.exchange(request, deadline: min(deadline, cutOff))
      judge(answer)
      return answer
    } catch {
      judge(error, isCutOff: cutOff < deadline)
      throw error
    }
  }

  /// 502 to 504 come from what stands before an adapter that is down. Other codes, 500 among them, are what adapters say of
  /// one metric: KEDA and Datadog answer 500 for a metric that they do not know.
  private func judge(_ answer: ReceivedResponse) {
    if (502...504).contains(answer.status) {
      breaker.failed("status \(answer.status)", at: loop.now)
    } else {
      breaker.succeeded()
    }
  }

  private func judge(_ error: ExchangeError, isCutOff: Bool) {
    metrics.failed(error)
    switch error {
    case .overloaded, .answersTooLarge: breaker.abandoned()
    case .timedOut where isCutOff: breaker.abandoned()
    default:
      breaker.failed("\(error)", at: loop.now)
      observe()
    }
  }

  func maintain() {
    pool.maintain()
    observe()
  }

  private func observe() {
    guard isKept else { return }
    metrics.update(
      connections: pool.connectionCounts.open, isBreakerClosed: !breaker.isInForce(at: loop.now))
  }

  /// For the one who goes by an older table: its connections are closed after use.
  func closeAfterUse() {
    isKept = false
    pool.close()
  }

  /// Exchanges under way end by themselves.
  func close() {
    pool.close()
    metrics.update(connections: 0, isBreakerClosed: true)
  }
}
