import HTTP
import Routing
import TLS
import Telemetry

/// What the server tells Prometheus of itself: every metric that it has, registered in one place. Names of metrics that it
/// routes are never labels.
final class RouterMetrics: Sendable {
  let registry = MetricsRegistry()
  let requests: MetricFamily<Counter>
  let requestDuration: MetricFamily<Histogram>
  let overheadDuration: Histogram
  let backendDuration: MetricFamily<Histogram>
  let backendFailures: MetricFamily<Counter>
  let backendConnections: MetricFamily<Gauge>
  let breakersOpen: MetricFamily<Gauge>
  let fallThroughs: MetricFamily<Counter>
  /// They are among ``fallThroughs``, and among ``requests``, too.
  let exhaustedChains: MetricFamily<Counter>
  let unknownMetricSkips: MetricFamily<Counter>
  let coalesced: MetricFamily<Counter>
  let rejected: Counter
  let reloads: MetricFamily<Counter>
  private let certificateReloads: MetricFamily<Counter>
  let connections: ConnectionMetrics
  let reviews: ReviewMetrics
  let shadows: ShadowMetrics

  /// From what a look-up costs to what only an API server that does not answer can cause.
  private static let overheadBounds: [Duration] = [
    .microseconds(10), .microseconds(25), .microseconds(50), .microseconds(100), .microseconds(250),
    .microseconds(500), .milliseconds(1), .microseconds(2500), .milliseconds(5), .milliseconds(10),
    .milliseconds(100), .seconds(1), .seconds(10),
  ]

  init(tables: TableHolder, inFlight: InFlight) {
    requests = registry.counter(
      "metrics_router_requests_total",
      help: "Requests answered, by API group, version, metrics source and HTTP code; empty labels where there is none.",
      labels: ["group", "version", "source", "code"])
    requestDuration = registry.histogram(
      "metrics_router_request_duration_seconds",
      help: "From the head of a request to its answer, by API group; empty for what is no metric.", labels: ["group"])
    overheadDuration = registry.histogram(
      "metrics_router_overhead_duration_seconds",
      help: "The part of a metric request's duration that is the router's own: authentication, authorization, routing.",
      bounds: Self.overheadBounds)
    backendDuration = registry.histogram(
      "metrics_router_backend_duration_seconds",
      help: "The part of a metric request's duration that its source took, connecting and waiting included.",
      labels: ["source"])
    backendFailures = registry.counter(
      "metrics_router_backend_failures_total",
      help:
        "Requests that a source did not answer, by reason: unresolved, refused (its address), unreachable, tls, timeout,"
        + " broken, malformed, overloaded.",
      labels: ["source", "reason"])
    backendConnections = registry.gauge(
      "metrics_router_backend_connections", help: "Open connections to a source.", labels: ["source"])
    breakersOpen = registry.gauge(
      "metrics_router_backend_breakers_open",
      help: "Workers that do not ask a source for a while, since it has failed repeatedly.", labels: ["source"])
    fallThroughs = registry.counter(
      "metrics_router_fall_throughs_total",
      help: "Requests that a source left to the next candidate, by outcome: NotFound, Empty, ServerError, Unavailable.",
      labels: ["source", "outcome"])
    exhaustedChains = registry.counter(
      "metrics_router_exhausted_chains_total",
      help: "Requests that no candidate answered, given what this source had said before it left them to the next one.",
      labels: ["source", "outcome"])
    unknownMetricSkips = registry.counter(
      "metrics_router_unknown_metric_skips_total",
      help: "Requests that a source was not asked for, since it did not know their metric within --unknown-metric-ttl.",
      labels: ["source"])
    coalesced = registry.counter(
      "metrics_router_coalesced_requests_total",
      help: "Requests that shared the answer to another one that was under way to their source.", labels: ["source"])
    rejected = registry.counter(
      "metrics_router_requests_rejected_total",
      help: "Requests answered 429, by --max-requests-inflight or --max-answer-memory.")
    reloads = registry.counter(
      "metrics_router_table_reloads_total",
      help: "Routing tables read, by result: loaded, rejected, unreadable.", labels: ["result"])
    certificateReloads = registry.counter(
      "metrics_router_certificate_reloads_total",
      help: "Times that another serving certificate was to be used, by result: loaded, rejected.", labels: ["result"])
    // What has not happened is 0 and not absent: an increase from nothing to 1 is none to Prometheus.
    for result in ["loaded", "rejected", "unreadable"] { _ = reloads.child(result) }
    for result in ["loaded", "rejected"] { _ = certificateReloads.child(result) }
    connections = ConnectionMetrics(registry)
    reviews = ReviewMetrics(registry)
    shadows = ShadowMetrics(registry)
    registry.gauge("metrics_router_requests_inflight", help: "Requests under way.") { Double(inFlight.value) }
    Self.describe(tables, in: registry)
    ProcessMetrics.register(in: registry, version: BuildVersion.version, component: RouterOptions.program)
  }

  private static func describe(_ tables: TableHolder, in registry: MetricsRegistry) {
    registry.gauge(
      "metrics_router_table_generation", help: "Generation of the routing table in force; absent before there is one."
    ) {
      tables.current.map { Double($0.generation) }
    }
    registry.gauge("metrics_router_table_age_seconds", help: "Since the routing table in force was loaded.") {
      tables.current.map { $0.age.inSeconds }
    }
    registry.gauge("metrics_router_table_sources", help: "Metrics sources in the routing table.") {
      tables.current.map { Double($0.table.sources.count) }
    }
    registry.gauge(
      "metrics_router_discovery_omitted_metrics", help: "Metrics that discovery leaves out, by --discovery-max-entries."
    ) { tables.current.map { Double($0.discovery.omittedCount) } }
    registry.gauge("metrics_router_table_metrics", help: "Metrics that are routed.") {
      tables.current.map { Double($0.table.metricCount) }
    }
  }

  func describe(_ certificates: ServingCertificates) {
    registry.gauge(
      "metrics_router_certificate_expiry_seconds", help: "Until the serving certificate ends; negative once it has."
    ) { Double(certificates.secondsToExpiry) }
  }

  func certificateReloaded(_ success: Bool) { certificateReloads.child(success ? "loaded" : "rejected").add() }

  /// Forgets sources that are no longer routed.
  func keepOnly(_ table: RoutingTable) {
    let names = Set(table.sources.map(\.name))
    backendDuration.remove { !names.contains($0[0]) }
    backendFailures.remove { !names.contains($0[0]) }
    backendConnections.remove { !names.contains($0[0]) }
    breakersOpen.remove { !names.contains($0[0]) }
    fallThroughs.remove { !names.contains($0[0]) }
    exhaustedChains.remove { !names.contains($0[0]) }
    unknownMetricSkips.remove { !names.contains($0[0]) }
    coalesced.remove { !names.contains($0[0]) }
    shadows.keepOnly(table)
    requests.remove { !$0[2].isEmpty && !names.contains($0[2]) }
  }
}

/// What happens to callers' connections.
final class ConnectionMetrics: ServerObserver {
  private let open: Gauge
  private let opened: Counter
  private let refused: Counter
  private let failed: MetricFamily<Counter>
  private let loopDelay: Histogram

  init(_ registry: MetricsRegistry) {
    open = registry.gauge("metrics_router_connections", help: "Open connections of callers.")
    opened = registry.counter("metrics_router_connections_opened_total", help: "Connections accepted.")
    refused = registry.counter(
      "metrics_router_connections_refused_total", help: "Connections closed at once, by --max-connections.")
    failed = registry.counter(
      "metrics_router_tls_handshake_failures_total",
      help: "Connections that could not be secured, by reason: timeout, closed, protocol.",
      labels: ["reason"])
    loopDelay = registry.histogram(
      "metrics_router_event_loop_delay_seconds",
      help: "How late workers come to what is due on them, which each measures every five seconds.")
  }

  func connectionOpened() {
    open.add()
    opened.add()
  }

  func connectionClosed() { open.subtract() }
  func connectionRefused() { refused.add() }
  func loopCameRound(late delay: Duration) { loopDelay.observe(delay) }

  func handshakeFailed(_ error: TLSError) {
    let reason =
      switch error.kind {
      case .timeout: "timeout"
      case .closed: "closed"
      case .material, .verification, .protocolViolation: "protocol"
      }
    failed.child(reason).add()
  }
}

extension Duration {
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
