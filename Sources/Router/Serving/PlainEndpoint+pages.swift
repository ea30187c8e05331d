import HTTP
import Options
import Telemetry

extension PlainEndpoint {
  /// `/metrics`, for a scraper beside the server.
  static func metrics(
    _ address: BindAddress, _ registry: MetricsRegistry, _ logger: Logger
  ) async throws(StartError) -> PlainEndpoint? {
    try await start("--metrics-bind-address", address, shows: "/metrics", logger) { _ in
      DocumentResponder(path: "/metrics", contentType: MetricsRegistry.contentType) { registry.render() }
    }
  }

  /// Pages for the person on call.
  static func status(
    _ address: BindAddress, _ shared: SharedState
  ) async throws(StartError) -> PlainEndpoint? {
    guard case .at(let given) = address else { return nil }
    let history = SourceHistory(shared.metrics, tables: shared.tables)
    let view = StatusView(
      tables: shared.tables, metrics: shared.metrics, history: history, workers: shared.workers)
    let endpoint = try await start("--status-bind-address", address, shows: "the status page", shared.logger) { loop in
      let probe = CandidateProbe(
        loop: loop, dialling: shared.dialling,
        limits: shared.options.backends.limits(workers: 1, held: shared.answerMemory.received),
        settings: shared.options.backends.chain, credentials: shared.credentials, logger: shared.logger)
      let pages: [any StatusPage] = [
        ExplainPage(tables: shared.tables, probe: probe), ShadowPage(summaries: shared.metrics.shadows.summaries),
        StatusReportPage(view: view), RoutesPage(tables: shared.tables),
      ]
      return StatusPages(pages, host: given.host)
    }
    return endpoint?.with(Task { await history.keep() })
  }
}
