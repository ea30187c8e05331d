import Kubernetes
import Telemetry

/// What becomes of the requests for the token that sources are shown.
struct BackendTokenMetrics: Sendable {
  private let requests: MetricFamily<Counter>

  /// `token` is nil where none is asked for.
  init(in registry: MetricsRegistry, of token: RequestedToken?) {
    requests = registry.counter(
      "metrics_router_backend_token_requests_total",
      help: "Requests for a token to show to sources, by result: success, forbidden, error.", labels: ["result"])
    registry.gauge(
      "metrics_router_backend_token_expiry_seconds",
      help: "How long the token that sources are shown is good; absent where there is none, or it is not asked for."
    ) { token?.remaining?.inSeconds }
    for result in TokenChange.Result.allCases { _ = requests.child(result.rawValue) }
  }

  func observe(_ change: TokenChange) {
    if let result = change.result { requests.child(result.rawValue).add() }
  }
}

extension TokenChange.Notice {
  func log(to logger: Logger) {
    switch gravity {
    case .info: logger.info(text)
    case .warning: logger.warning(text)
    case .error: logger.error(text)
    }
  }
}
