import Kubernetes
import Telemetry

/// Statuses on their way to be told: of each source only the latest, one at a time, and again with growing waits while
/// that fails. Syncing never waits for it, and an API server that is away costs no backend a question.
actor StatusQueue {
  /// Reports made at the same time.
  private static let concurrency = 16

  private let reporter: any StatusReporter
  private let metrics: ControllerMetrics
  private let logger: Logger
  private let start = ContinuousClock.now
  private var pending: [String: (status: MetricsSourceStatus, source: MetricsSource)] = [:]
  private var deliveries: [String: Task<Void, Never>] = [:]
  private var waiting: [String] = []
  private var isStopped = false
  /// Others write the statuses.
  private var isPaused = false

  init(reporter: any StatusReporter, metrics: ControllerMetrics, logger: Logger) {
    self.reporter = reporter
    self.metrics = metrics
    self.logger = logger
  }

  func offer(_ status: MetricsSourceStatus, of source: MetricsSource) {
    guard !isStopped, !isPaused else { return }
    let name = source.name
    let isQueued = pending.updateValue((status, source), forKey: name) != nil
    if deliveries[name] == nil, !isQueued { waiting.append(name) }
    pump()
  }

  /// The source is gone; what was to be told about it is dropped.
  func forget(_ name: String) async {
    pending[name] = nil
    deliveries[name]?.cancel()
    await reporter.forget(name)
  }

  /// Drops what could not be told yet, and takes nothing more until ``resume()``. Returns when nothing is under way.
  func pause() async {
    isPaused = true
    await drop()
  }

  func resume() { isPaused = false }

  /// Drops what could not be told yet: the next start finds it out anew. Returns when nothing is under way.
  func stop() async {
    isStopped = true
    await drop()
    await reporter.stop()
  }

  private func drop() async {
    pending = [:]
    let underWay = Array(deliveries.values)
    for delivery in underWay { delivery.cancel() }
    for delivery in underWay { await delivery.value }
  }

  private func pump() {
    while deliveries.count < Self.concurrency, let name = waiting.first {
      waiting.removeFirst()
      guard pending[name] != nil else { continue }
      deliveries[name] = Task {
        await deliver(name)
        deliveries[name] = nil
        // Offered again between a cancellation and its effect.
        if pending[name] != nil { waiting.append(name) }
        pump()
      }
    }
  }

  private func deliver(_ name: String) async {
    var backoff = Backoff(base: .milliseconds(500), cap: .seconds(30))
    while !Task.isCancelled, let report = pending.removeValue(forKey: name) {
      do throws(ReportError) {
        try await reporter.report(report.status, of: report.source)
        metrics.patchedStatus(true)
        backoff.reset()
      } catch {
        guard !Task.isCancelled else { return }
        metrics.patchedStatus(false)
        if pending[name] == nil { pending[name] = report }
        let wait = backoff.next(at: ContinuousClock.now - start, chance: .random(in: 0.5...1))
        logger.warning("\(error)")
        try? await Task.sleep(for: wait)
      }
    }
  }
}
