import Synchronization

/// The token of a ServiceAccount that is not this process' own, asked for again and again and kept in memory alone. As
/// ``TokenSchedule`` says; works while ``run(_:)`` does.
package final class RequestedToken: Sendable, CustomStringConvertible {
  private struct State {
    var schedule: TokenSchedule
    /// Why the last request failed; nil where it did not.
    var failure: TokenFailure?
    /// Whether a request has ended, or none will.
    var isSettled = false
    var waiters: [CheckedContinuation<Void, Never>] = []
    /// What ``run(_:)`` waits in.
    var sleep: Task<Void, Never>?
    /// Whether it is not to begin to wait, since what it would wait for has changed.
    var isWoken = false

    mutating func settle() -> [CheckedContinuation<Void, Never>] {
      isSettled = true
      defer { waiters = [] }
      return waiters
    }
  }

  package let account: ServiceAccountName
  private let client: any APIClient
  private let start = ContinuousClock.now
  private let state: Mutex<State>

  package convenience init(of account: ServiceAccountName, client: any APIClient) {
    self.init(of: account, client: client, schedule: TokenSchedule(at: .zero))
  }

  init(of account: ServiceAccountName, client: any APIClient, schedule: TokenSchedule) {
    self.account = account
    self.client = client
    state = Mutex(State(schedule: schedule))
  }

  package var description: String { "token of ServiceAccount \(account)" }

  /// How long the token in use is shown at most; nil where there is none.
  package var remaining: Duration? { state.withLock { $0.schedule.remaining(at: now) } }

  /// What may be shown now. Waits where the first request is still under way, for as long as that takes at most.
  package func value() async throws(ConfigurationError) -> String {
    await withCheckedContinuation { continuation in
      let isSettled = state.withLock { state in
        if !state.isSettled { state.waiters.append(continuation) }
        return state.isSettled
      }
      if isSettled { continuation.resume() }
    }
    return try state.withLock { current(in: $0, at: now) }.get()
  }

  /// To be called when a backend answers 401: the next token is asked for soon, however often that happens.
  package func refused() {
    let sleep = state.withLock { state -> Task<Void, Never>? in
      guard state.schedule.refused(at: now) else { return nil }
      state.isWoken = true
      return state.sleep
    }
    sleep?.cancel()
  }

  /// Runs until its task is cancelled. `tell` is told what comes of it, one thing after another.
  package func run(_ tell: @Sendable (TokenChange) -> Void) async {
    while !Task.isCancelled {
      let step = state.withLock { state in
        state.isWoken = false
        return state.schedule.next(at: now)
      }
      switch step {
      case .ask: await ask(tell)
      case .ended:
        let text = "the token of ServiceAccount \(account) has ended, and no other could be had: "
        tell(
          change(nil) { state in .init(gravity: .error, text: text + (state.failure?.cause ?? "none was asked for")) })
      case .wait(let duration): await sleep(for: duration)
      }
    }
    for waiter in state.withLock({ $0.settle() }) { waiter.resume() }
  }

  private var now: Duration { ContinuousClock.now - start }

  private func current(in state: State, at now: Duration) -> Result<String, ConfigurationError> {
    if let text = state.schedule.usable(at: now) { return .success(text) }
    let cause = state.failure?.cause ?? "none was asked for"
    return .failure(ConfigurationError("ServiceAccount \(account)", "no token can be had: \(cause)"))
  }

  private func ask(_ tell: (TokenChange) -> Void) async {
    let askedAt = now
    do throws(APIError) {
      let granted = try await client.token(of: account)
      let isFirst = state.withLock { !$0.isSettled }
      tell(
        change(.success) { state in
          state.schedule.received(granted, askedAt: askedAt, chance: .random(in: 0...1))
          let recovers = state.failure != nil
          state.failure = nil
          return recovers || isFirst
            ? .init(
              gravity: .info,
              text:
                "sources are shown tokens of ServiceAccount \(account), this one for \(granted.lifetime.components.seconds) s"
            )
            : nil
        })
    } catch {
      // The end of the process is nobody's fault.
      if Task.isCancelled { return }
      let failure = TokenFailure(error, account)
      tell(
        change(failure.result) { state in
          state.schedule.failed(at: now, chance: .random(in: 0...1))
          let isNews = !failure.isLike(state.failure)
          state.failure = failure
          return isNews ? notice(failure, remaining: state.schedule.remaining(at: now)) : nil
        })
    }
  }

  private func notice(_ failure: TokenFailure, remaining: Duration?) -> TokenChange.Notice {
    guard let remaining else {
      return .init(
        gravity: .error,
        text: "no token of ServiceAccount \(account) can be had, trying again; sources that want one are not asked:"
          + " \(failure.cause)")
    }
    return .init(
      gravity: .warning,
      text:
        "the token of ServiceAccount \(account) could not be renewed, trying again; the last one is good for another"
        + " \(remaining.components.seconds) s: \(failure.cause)")
  }

  /// Applies a change, and lets go who waited for it.
  private func change(
    _ result: TokenChange.Result?, _ apply: (inout State) -> TokenChange.Notice?
  ) -> TokenChange {
    let (change, waiters) = state.withLock { state in
      let notice = apply(&state)
      let change = TokenChange(result: result, token: current(in: state, at: now), notice: notice)
      return (change, state.settle())
    }
    for waiter in waiters { waiter.resume() }
    return change
  }

  /// Until then, or until a token is refused.
  private func sleep(for duration: Duration) async {
    let sleep = Task { () -> Void in try? await Task.sleep(for: duration) }
    let isWoken = state.withLock { state in
      state.sleep = sleep
      return state.isWoken
    }
    if isWoken { sleep.cancel() }
    await withTaskCancellationHandler {
      await sleep.value
    } onCancel: {
      sleep.cancel()
    }
  }
}
