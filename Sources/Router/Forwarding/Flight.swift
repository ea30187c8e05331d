import EventLoop
import HTTP
import MetricsAPI

/// A request to a source that is under way, which others who ask for the same wait for too: the answer does not depend on
/// who asks, and the source is asked once. Belongs to one event loop.
final class Flight {
  /// How it ended for those who wait.
  enum Outcome: Sendable {
    case ended(Result<ReceivedResponse, ExchangeError>)
    /// Whoever began it had less time than the source has: they ask for themselves.
    case cutOff
  }

  private let backend: Backend
  private let version: MetricsGroupVersion
  private let accept: String
  private let loop: EventLoop
  private var line: WaitingLine<Outcome>?

  init(to backend: Backend, _ version: MetricsGroupVersion, accept: String, loop: EventLoop) {
    self.backend = backend
    self.version = version
    self.accept = accept
    self.loop = loop
  }

  /// Whether its answer is also that to a request for the same target to `backend`, in this version and these types.
  func answers(_ backend: Backend, _ version: MetricsGroupVersion, accept: String) -> Bool {
    self.backend === backend && self.version == version && self.accept == accept
  }

  /// Waits for its end; nil where that does not come by `deadline`.
  func outcome(until deadline: MonotonicTime) async -> Outcome? {
    let line = line ?? WaitingLine(loop: loop)
    self.line = line
    return await line.wait(until: deadline)
  }

  func end(_ outcome: Outcome) { line?.resumeAll(outcome) }
}
