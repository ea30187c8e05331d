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
  /// Those that wait after a failure, without a place among those under way: a status that the API server will not have
  /// keeps no other from being told.
  private var retries: [String: Task<Void, Never>] = [:]
  private var backoffs: [String: Backoff] = [:]
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
    if deliveries[name] == nil, retries[name] == nil, !isQueued { waiting.append(name) }
    pump()
  }

  /// The source is gone; what was to be told about it is dropped.
  func forget(_ name: String) async {
    if pending.removeValue(forKey: name) != nil { waiting.removeAll { $0 == name } }
    backoffs[name] = nil
    retries.removeValue(forKey: name)?.cancel()
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
    waiting = []
    backoffs = [:]
    for retry in retries.values { retry.cancel() }
    retries = [:]
    let underWay = Array(deliveries.values)
    for delivery in underWay { delivery.cancel() }
    for delivery in underWay { await delivery.value }
  }

  private func pump() {
    while deliveries.count < Self.concurrency, let name = waiting.first {
      waiting.removeFirst()
      guard deliveries[name] == nil, let report = pending.removeValue(forKey: name) else { continue }
      deliveries[name] = Task {
        let wait = await deliver(report.status, of: report.source)
        deliveries[name] = nil
        if let wait {
          retry(name, after: wait)
        } else if pending[name] != nil {
          // Offered again meanwhile.
          waiting.append(name)
        }
        pump()
      }
    }
  }

  /// How long to wait before the next attempt; nil where none is needed.
  private func deliver(_ status: MetricsSourceStatus, of source: MetricsSource) async -> Duration? {
    let name = source.name
    do throws(ReportError) {
      try await reporter.report(status, of: source)
      metrics.patchedStatus(true)
      backoffs[name] = nil
      return nil
    } catch {
      guard !Task.isCancelled else { return nil }
      metrics.patchedStatus(false)
      if pending[name] == nil { pending[name] = (status, source) }
      logger.warning("\(error)")
      var backoff = backoffs[name] ?? Backoff(base: .milliseconds(500), cap: .seconds(30))
      defer { backoffs[name] = backoff }
      return backoff.next(at: ContinuousClock.now - start, chance: .random(in: 0.5...1))
    }
  }

  private func retry(_ name: String, after wait: Duration) {
    retries[name] = Task {
      guard (try? await Task.sleep(for: wait)) != nil, !Task.isCancelled else { return }
      retries[name] = nil
      if pending[name] != nil { waiting.append(name) }
      pump()
    }
  }
}
