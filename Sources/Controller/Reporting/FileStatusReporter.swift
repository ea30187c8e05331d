import EventLoop
import FoundationEssentials
import Telemetry

/// Without an API server the status goes to the log, and to `status.json` beside the snapshot. That holds all sources, so
/// it is written a moment after a change, and then not again for a while, however many more there are.
actor FileStatusReporter: StatusReporter {
  private static let debounce = Duration.milliseconds(100)
  private static let pause = Duration.seconds(1)
  private static let retryInterval = Duration.seconds(2)

  private let path: String
  private let logger: Logger
  private var list = StatusList()
  private var isChanged = false
  private var isScheduled = false
  private var isStopped = false
  /// Why it could not be written the last time.
  private var failure: SystemError?

  init(path: String, logger: Logger) {
    self.path = path
    self.logger = logger
    AtomicFile.removeLeftovers(of: path)
  }

  func report(_ status: MetricsSourceStatus, of source: MetricsSource) async throws(ReportError) {
    do {
      try list.put(status, of: source)
    } catch {
      throw ReportError(description: "status of \(source.name): \(error)")
    }
    let condition = status.conditions?.first
    logger.info(
      "status of \(source.name): synced \(status.synced == true), \(status.metricsCount ?? 0) metrics: \(condition?.message ?? "")"
    )
    schedule()
    // Counted as failures, for as long as it cannot be written.
    if let failure { throw ReportError(description: "status of \(source.name): \(failure)") }
  }

  func forget(_ name: String) async {
    list.remove(name)
    schedule()
  }

  func stop() async {
    isStopped = true
    _ = write()
  }

  private func schedule() {
    isChanged = true
    guard !isScheduled, !isStopped else { return }
    isScheduled = true
    Task {
      try? await Task.sleep(for: Self.debounce)
      while isChanged, !isStopped {
        let isWritten = write()
        try? await Task.sleep(for: isWritten ? Self.pause : Self.retryInterval)
      }
      isScheduled = false
    }
  }

  /// Whether nothing is left to be written.
  private func write() -> Bool {
    guard isChanged else { return true }
    do throws(SystemError) {
      try AtomicFile.write(list.document(), to: path)
      isChanged = false
      failure = nil
    } catch {
      failure = error
      logger.warning("cannot write \(path): \(error)")
    }
    return !isChanged
  }
}
