import Telemetry

/// Events on their way to be told, in order and one at a time, each tried once: an event that is lost is in the log, and
/// in the conditions of its source. What happens while very many wait is dropped.
actor EventQueue {
  /// Events that may wait.
  static let capacity = 256

  private let reporter: any EventReporter
  private let metrics: ControllerMetrics
  private let logger: Logger
  private var waiting: [(event: SourceEvent, source: MetricsSource)] = []
  private var delivery: Task<Void, Never>?
  private var isStopped = false
  /// Others tell the events.
  private var isPaused = false

  init(reporter: any EventReporter, metrics: ControllerMetrics, logger: Logger) {
    self.reporter = reporter
    self.metrics = metrics
    self.logger = logger
  }

  func offer(_ events: [SourceEvent], of source: MetricsSource) {
    guard !isStopped, !isPaused else { return }
    for event in events {
      guard waiting.count < Self.capacity else {
        metrics.toldEvent(false)
        logger.warning("event \(event.reason) of \(source.name) is dropped, \(waiting.count) wait: \(event.message)")
        continue
      }
      waiting.append((event, source))
    }
    if delivery == nil, !waiting.isEmpty { delivery = Task { await deliver() } }
  }

  /// Whether nothing waits, and nothing is under way.
  var isIdle: Bool { delivery == nil }

  /// Drops what waits, and takes nothing more until ``resume()``. Returns when nothing is under way.
  func pause() async {
    isPaused = true
    await drop()
  }

  func resume() { isPaused = false }

  /// Drops what waits. Returns when nothing is under way.
  func stop() async {
    isStopped = true
    await drop()
  }

  private func drop() async {
    waiting = []
    delivery?.cancel()
    await delivery?.value
  }

  private func deliver() async {
    while !waiting.isEmpty {
      let next = waiting.removeFirst()
      do throws(ReportError) {
        try await reporter.report(next.event, of: next.source)
        metrics.toldEvent(true)
      } catch {
        if Task.isCancelled { break }
        metrics.toldEvent(false)
        logger.warning("\(error)")
      }
    }
    delivery = nil
  }
}
