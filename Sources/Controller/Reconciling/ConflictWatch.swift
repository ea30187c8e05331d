import Routing

/// Looks for conflicts, and for metrics that another source answers than before, a moment after something has changed, apart
/// from the controller: comparing a million names takes its time. However much changes, most of the time it rests.
actor ConflictWatch {
  private let current: @Sendable () async -> [RoutedSource]
  private let tell: @Sendable (ConflictFinder.Findings) async -> Void
  private var isScheduled = false
  private var isDue = false
  private var isStopped = false
  private var answering: AnsweringSources?
  private var pace = Pace(debounce: .milliseconds(500), restFactor: 10)

  /// `current` is asked for what is routed; `tell` gets what was found.
  init(
    current: @escaping @Sendable () async -> [RoutedSource],
    tell: @escaping @Sendable (ConflictFinder.Findings) async -> Void
  ) {
    self.current = current
    self.tell = tell
  }

  /// Something has changed.
  func look() {
    isDue = true
    guard !isScheduled, !isStopped else { return }
    isScheduled = true
    Task {
      while isDue, !isStopped {
        try? await Task.sleep(for: pace.delay(at: .now))
        isDue = false
        let sources = await current()
        let start = ContinuousClock.now
        let findings = ConflictFinder.findings(among: sources, since: answering)
        answering = findings.answering
        pace.worked(from: start, to: .now)
        if !isStopped { await tell(findings) }
      }
      isScheduled = false
    }
  }

  func stop() { isStopped = true }
}
