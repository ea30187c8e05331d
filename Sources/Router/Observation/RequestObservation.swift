import EventLoop
import HTTP
import MetricsAPI
import Telemetry

/// Counts and logs what was answered. Belongs to one event loop.
final class RequestObservation {
  private let logger: Logger
  private let rejected: Counter
  private let overhead: Histogram
  private var withoutSource: RequestCounter
  private let discovery: Histogram
  private let custom: Histogram
  private let external: Histogram
  private var random = FastRandom()

  init(_ metrics: RouterMetrics, logger: Logger) {
    self.logger = logger
    rejected = metrics.rejected
    overhead = metrics.overheadDuration
    withoutSource = RequestCounter(metrics.requests, source: "")
    discovery = metrics.requestDuration.child("")
    custom = metrics.requestDuration.child(MetricsGroup.custom.rawValue)
    external = metrics.requestDuration.child(MetricsGroup.external.rawValue)
  }

  func begin(_ request: RequestHead) -> RequestTrace {
    RequestTrace(id: RequestID.of(request.headers, from: &random), startedAt: .now())
  }

  func rejectedOne() { rejected.add() }

  func end(_ request: RequestHead, _ trace: RequestTrace, _ response: Response, on connection: ConnectionContext) {
    let duration = MonotonicTime.now().since(trace.startedAt)
    switch trace.groupVersion?.group {
    case nil: discovery.observe(duration)
    case .custom: custom.observe(duration)
    case .external: external.observe(duration)
    }
    if let backendDuration = trace.backendDuration { overhead.observe(duration - backendDuration) }
    if let source = trace.source {
      source.metrics.requests.count(trace.groupVersion, status: response.status)
    } else {
      withoutSource.count(trace.groupVersion, status: response.status)
    }
    if logger.enabled(v: 2) { log(request, trace, response, duration, on: connection) }
  }

  /// In the words of `k8s.io/apiserver/pkg/server/httplog`.
  private func log(
    _ request: RequestHead, _ trace: RequestTrace, _ response: Response, _ duration: Duration,
    on connection: ConnectionContext
  ) {
    let query = request.query.isEmpty ? "" : "?" + String(decoding: request.query, as: UTF8.self)
    logger.info(
      "HTTP", v: 2,
      [
        "verb": request.method.name, "URI": String(decoding: request.path, as: UTF8.self) + query,
        "protocol": request.version.rawValue, "latency": Self.text(duration),
        "backendLatency": trace.backendDuration.map(Self.text) ?? "", "source": trace.source?.name ?? "",
        "user": trace.user,
        "userAgent": request.headers.first("user-agent").map { String(decoding: $0, as: UTF8.self) } ?? "",
        "auditID": trace.id, "srcIP": connection.peerAddress?.description ?? "", "resp": String(response.status),
      ])
  }

  /// Milliseconds with three digits behind the point: `1.250ms`.
  private static func text(_ duration: Duration) -> String {
    let microseconds = duration.components.seconds * 1_000_000 + duration.components.attoseconds / 1_000_000_000_000
    let fraction = String(microseconds % 1000)
    return "\(microseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction + "ms"
  }
}
