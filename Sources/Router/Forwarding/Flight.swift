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

  /// Who may wait for one: all of them go on in one turn of the event loop, which others have to wait for.
  private static let maximumWaiting = 64
  /// The part of a source's time, from the beginning, in which others join. One that takes longer may be stuck, where
  /// another connection would be answered.
  private static let joinablePart = 4

  /// Of whoever began it.
  let requestID: String
  private let backend: Backend
  private let version: MetricsGroupVersion
  private let accept: String
  private let joinableUntil: MonotonicTime
  /// When it ends at the latest.
  private let deadline: MonotonicTime
  private var waiting: [UnsafeContinuation<Outcome, Never>] = []

  /// `timeout` is the source's. It begins at `now` and ends by `deadline`, which may be earlier.
  init(
    to backend: Backend, _ version: MetricsGroupVersion, accept: String, requestID: String, at now: MonotonicTime,
    timeout: Duration, deadline: MonotonicTime
  ) {
    self.backend = backend
    self.version = version
    self.accept = accept
    self.requestID = requestID
    self.deadline = deadline
    joinableUntil = now + timeout / Self.joinablePart
  }

  /// Whether its answer is also that to a request for the same target to `backend`, in this version and these types, by
  /// somebody who has until `deadline`.
  func answers(
    _ backend: Backend, _ version: MetricsGroupVersion, accept: String, at now: MonotonicTime,
    by deadline: MonotonicTime
  ) -> Bool {
    self.backend === backend && self.version == version && self.accept == accept && now <= joinableUntil
      && self.deadline <= deadline && waiting.count < Self.maximumWaiting
  }

  /// Waits for its end, which comes in time for whoever may wait for it.
  func outcome() async -> Outcome {
    await withUnsafeContinuation { waiting.append($0) }
  }

  func end(_ outcome: Outcome) {
    let told = waiting
    waiting = []
    for continuation in told { continuation.resume(returning: outcome) }
  }
}
