import HTTP
import Telemetry

/// The metrics of one source on one event loop. Several loops add to the same gauges, each its own part.
final class SourceMetrics {
  var requests: RequestCounter
  let duration: Histogram
  private let source: String
  private let failures: MetricFamily<Counter>
  private let connections: Gauge
  private let breakersOpen: Gauge
  private var connectionsToldOf = 0
  private var isBreakerToldOf = false

  init(_ metrics: RouterMetrics, source: String) {
    self.source = source
    requests = RequestCounter(metrics.requests, source: source)
    duration = metrics.backendDuration.child(source)
    failures = metrics.backendFailures
    connections = metrics.backendConnections.child(source)
    breakersOpen = metrics.breakersOpen.child(source)
  }

  func failed(_ error: ExchangeError) { failures.child(source, Self.reason(of: error)).add() }

  /// Tells what has changed since the last time.
  func update(connections open: Int, isBreakerClosed: Bool) {
    connections.add(open - connectionsToldOf)
    connectionsToldOf = open
    if isBreakerToldOf == isBreakerClosed {
      isBreakerToldOf = !isBreakerClosed
      breakersOpen.add(isBreakerClosed ? -1 : 1)
    }
  }

  private static func reason(of error: ExchangeError) -> String {
    switch error {
    case .unresolved: "unresolved"
    case .refused: "refused"
    case .unreachable: "unreachable"
    case .tls: "tls"
    case .timedOut: "timeout"
    case .broken: "broken"
    case .malformed, .protocolViolation: "malformed"
    case .overloaded, .answersTooLarge: "overloaded"
    }
  }
}
