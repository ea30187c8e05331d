import EventLoop
import Synchronization

/// The answers that all workers remember together, and the questions under way: each is asked once, however many callers
/// wait for it and on whatever loops. Errors reach those who wait and are never remembered.
///
/// Behind each worker's own ``ReviewCache``, so that its lock is taken only where that one knows nothing.
final class SharedReviews<Question: Hashable & Sendable, Answer: Sendable>: Sendable {
  struct Remembered: Sendable {
    var answer: Answer
    var expires: MonotonicTime
    /// Whether it was there already.
    var isHit = true
  }

  /// What the answers mean.
  struct Policy: Sendable {
    var kind: ReviewOutcome.Kind
    /// For how long an answer counts; zero to ask anew each time.
    var lifetime: @Sendable (Answer) -> Duration
    var isSuccess: @Sendable (Answer) -> Bool
    /// Roughly what question and answer take up, in bytes.
    var size: @Sendable (Question, Answer) -> Int
  }

  private struct Waiter {
    let continuation: UnsafeContinuation<Result<Remembered, ReviewFailure>, Never>
    /// Where the waiting task goes on.
    let loop: EventLoop
  }

  private struct State {
    var table: ReviewTable<Question, Answer>
    var gate: ReviewGate
    var underWay: [Question: [Waiter]] = [:]
  }

  private enum Step {
    case known(Remembered)
    case turnedAway
    case joined
    case asks(after: Duration)
  }

  let policy: Policy
  let observer: (any ReviewObserver)?
  private let state: Mutex<State>

  init(
    _ policy: Policy, bounds: ReviewTable<Question, Answer>.Bounds, gate: ReviewGate.Bounds = .init(),
    observer: (any ReviewObserver)? = nil
  ) {
    self.policy = policy
    self.observer = observer
    state = Mutex(State(table: ReviewTable(bounds), gate: ReviewGate(gate)))
  }

  /// The answer that is remembered, that of a question already under way, or that of `ask`, which runs apart from the
  /// caller's task. `caller` stands for whoever needs it, as in ``ReviewGate``; `loop` is where the task runs, and goes
  /// on.
  func answer(
    to question: Question, caller: Int, on loop: EventLoop,
    ask: @escaping @Sendable () async throws(ReviewFailure) -> Answer
  ) async throws(ReviewFailure) -> Remembered {
    let result = await withUnsafeContinuation { continuation in
      let step = begin(question, caller, Waiter(continuation: continuation, loop: loop))
      switch step {
      case .known(let remembered): continuation.resume(returning: .success(remembered))
      case .turnedAway: continuation.resume(returning: .failure(.overloaded))
      case .joined: break
      case .asks(let wait):
        Task.detached {
          if wait > .zero { try? await Task.sleep(for: wait) }
          await self.review(question, caller, ask)
        }
      }
      observe(step)
    }
    return try result.get()
  }

  private func begin(_ question: Question, _ caller: Int, _ waiter: Waiter) -> Step {
    let now = MonotonicTime.now()
    return state.withLock { state in
      if let known = state.table.answer(to: question, at: now) {
        return .known(Remembered(answer: known.answer, expires: known.expires))
      }
      if state.underWay[question] != nil {
        state.underWay[question]?.append(waiter)
        return .joined
      }
      guard let wait = state.gate.enter(caller, at: now) else { return .turnedAway }
      state.underWay[question] = [waiter]
      return .asks(after: wait)
    }
  }

  private func review(
    _ question: Question, _ caller: Int, _ ask: () async throws(ReviewFailure) -> Answer
  ) async {
    let start = MonotonicTime.now()
    let result: Result<Remembered, ReviewFailure>
    var outcome = ReviewOutcome.Result.error
    do throws(ReviewFailure) {
      let answer = try await ask()
      result = .success(Remembered(answer: answer, expires: .now() + policy.lifetime(answer), isHit: false))
      outcome = policy.isSuccess(answer) ? .success : .refusal
    } catch {
      result = .failure(error)
    }
    let now = MonotonicTime.now()
    let waiters = state.withLock { state in
      state.gate.leave(caller)
      if case .success(let fresh) = result {
        state.table.insert(
          question, fresh.answer, size: policy.size(question, fresh.answer), expires: fresh.expires, at: now)
      }
      return state.underWay.removeValue(forKey: question) ?? []
    }
    observer?.observed(.reviewed(policy.kind, outcome, duration: now.since(start)))
    // On the waiter's own loop, which it may not have left yet: then the runtime alone orders the two threads, by means that
    // the thread sanitizer does not see.
    for waiter in waiters {
      Task(executorPreference: waiter.loop) { waiter.continuation.resume(returning: result) }
    }
  }

  private func observe(_ step: Step) {
    guard let observer else { return }
    switch step {
    case .known: observer.observed(.hit(policy.kind))
    case .joined, .asks: observer.observed(.miss(policy.kind))
    case .turnedAway: observer.observed(.turnedAway(policy.kind))
    }
  }
}
