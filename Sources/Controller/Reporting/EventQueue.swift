import FoundationEssentials
import Telemetry

/// Events on their way to be told, in order and one at a time; syncing never waits for it. The reporter gives up on each
/// after a while: an event that is lost is in the log, and in the conditions of its source. What happens while very many
/// wait is dropped.
actor EventQueue {
  /// Events that may wait.
  static let capacity = 256

  private let reporter: any EventReporter
  private let metrics: ControllerMetrics
  private let logger: Logger
  private var waiting: [(event: SourceEvent, source: MetricsSource, time: Date)] = []
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
        metrics.toldEvent(.error)
        logger.warning(
          "event \(event.reason.rawValue) of \(source.name) is dropped, \(waiting.count) wait: \(event.message)")
        continue
      }
      waiting.append((event, source, .now))
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
        let fate = try await reporter.report(next.event, of: next.source, at: next.time)
        metrics.toldEvent(fate == .told ? .success : .suppressed)
      } catch {
        if Task.isCancelled { break }
        metrics.toldEvent(.error)
        logger.warning("\(error)")
      }
    }
    delivery = nil
  }
}
