/// The list and watch protocol (client-go's reflector), apart from I/O: it is told what the server said, and says what
/// the consumer learns and what to ask next. Time, on any clock that only moves
/// forward, and chance, from 0 to 1, are handed in.
package struct WatchMachine<Object: Sendable>: Sendable {
  /// What to ask the server next.
  package enum Action: Sendable, Equatable {
    /// One page. A continued page has no resource version: its token says which list it belongs to.
    case list(resourceVersion: String, continueToken: String?)
    case watch(from: String)
  }

  /// What follows from an input.
  package struct Step: Sendable {
    package var event: WatchEvent<Object>?
    /// Nil: go on reading the watch that is open.
    package var next: Action?
    /// To be waited before `next`.
    package var delay: Duration = .zero
  }

  package enum Failure: Sendable, Equatable {
    /// No whole answer: refused, broken, timed out, or not to be understood.
    case broken
    /// The server refused, by the code of its answer or of an ERROR event.
    case refused(code: Int, retryAfterSeconds: Int?)
  }

  private enum State: Sendable {
    case empty
    case listing(objects: [Object], action: Action)
    case watching(version: String, since: Duration, sawEvent: Bool)
  }

  /// A server that closes watches sooner than this without an event is not healthy.
  private static var shortestWatch: Duration { .seconds(1) }
  /// The longest that `Retry-After` is honoured for.
  private static var longestRetryAfter: Int { 300 }

  private var state = State.empty
  /// client-go's, but for the cap: whoever waits for what has changed is served within half a minute after the API server
  /// is back.
  private var backoff = Backoff(cap: .seconds(20))
  /// Set by a 410, until an event arrives: a second one in between is waited for, or two would make a tight loop.
  private var hasExpired = false

  package init() {}

  /// The first action: any list the server has in memory will do, since the watch brings it up to date.
  package mutating func start() -> Action { list(from: "0") }

  /// A page of the list has arrived; `version` is the list's.
  package mutating func received(
    page: [Object], version: String, continueToken: String?, at now: Duration, chance: Double
  ) -> Step {
    guard case .listing(var objects, let action) = state else { return Step(next: start()) }
    objects += page
    if let continueToken, !continueToken.isEmpty {
      let next = Action.list(resourceVersion: "", continueToken: continueToken)
      state = .listing(objects: objects, action: next)
      return Step(next: next)
    }
    // A watch from no version would bring neither deletions nor an end of the list.
    guard !version.isEmpty else { return retry(action, at: now, chance) }
    state = .watching(version: version, since: now, sawEvent: false)
    return Step(event: .replaced(objects), next: .watch(from: version))
  }

  /// A list request failed.
  package mutating func listFailed(_ failure: Failure, at now: Duration, chance: Double) -> Step {
    guard case .listing(_, let action) = state else { return Step(next: start()) }
    switch failure {
    case .refused(410, _): return expire(at: now, chance)
    case .refused(429, let seconds), .refused(500..., let seconds):
      return retry(action, at: now, chance, after: seconds)
    case .refused(_, let seconds):
      // Perhaps for the sake of the continue token.
      if case .list(_, _?) = action { return retry(list(from: ""), at: now, chance, after: seconds) }
      return retry(action, at: now, chance, after: seconds)
    case .broken: return retry(action, at: now, chance)
    }
  }

  /// The watch is open: from here its age counts.
  package mutating func watchOpened(at now: Duration) {
    guard case .watching(let version, _, _) = state else { return }
    state = .watching(version: version, since: now, sawEvent: false)
  }

  /// An object was added, changed or deleted; `version` is the object's. One that is older than what was told before is
  /// not applied: the order is lost, and only a list tells the state.
  package mutating func received(
    _ event: WatchEvent<Object>, version: String, at now: Duration, chance: Double
  ) -> Step {
    if case .watching(let last, _, _) = state, Self.isOlder(version, than: last) {
      return watchMisunderstood(at: now, chance: chance)
    }
    advance(to: version)
    return Step(event: event)
  }

  /// A bookmark: nothing changed up to `version`.
  package mutating func receivedBookmark(version: String) -> Step {
    advance(to: version)
    return Step()
  }

  /// The server ended the watch, as it does when `timeoutSeconds` is over.
  package mutating func watchEnded(at now: Duration, chance: Double) -> Step {
    guard case .watching(let version, let since, let sawEvent) = state else { return Step(next: start()) }
    if !sawEvent, now - since < Self.shortestWatch { return retry(.watch(from: version), at: now, chance) }
    return Step(next: .watch(from: version))
  }

  /// The watch could not be opened, broke off, or brought an ERROR event.
  package mutating func watchFailed(_ failure: Failure, at now: Duration, chance: Double) -> Step {
    guard case .watching(let version, _, _) = state else { return Step(next: start()) }
    switch failure {
    case .refused(410, _): return expire(at: now, chance)
    case .refused(429, let seconds), .refused(500..., let seconds):
      return retry(.watch(from: version), at: now, chance, after: seconds)
    case .refused(_, let seconds): return retry(list(from: ""), at: now, chance, after: seconds)
    case .broken: return retry(.watch(from: version), at: now, chance)
    }
  }

  /// The watch brought something that cannot be applied; only a list tells the state now.
  package mutating func watchMisunderstood(at now: Duration, chance: Double) -> Step {
    retry(list(from: ""), at: now, chance)
  }

  /// Versions are decimal numbers wherever they can be compared (KEP-5504); of others nothing is concluded.
  private static func isOlder(_ version: String, than last: String) -> Bool {
    guard let version = UInt64(version), let last = UInt64(last) else { return false }
    return version < last
  }

  private mutating func advance(to version: String) {
    guard case .watching(let last, let since, _) = state else { return }
    hasExpired = false
    // Who tells what changes is well: the next failure is a first one, however many there were before.
    backoff.reset()
    state = .watching(version: version.isEmpty ? last : version, since: since, sawEvent: true)
  }

  /// The version, or the continue token, is too old: list anew, and not from memory, which may be as old.
  private mutating func expire(at now: Duration, _ chance: Double) -> Step {
    let next = list(from: "")
    guard hasExpired else {
      hasExpired = true
      return Step(next: next)
    }
    return retry(next, at: now, chance)
  }

  private mutating func list(from version: String) -> Action {
    let action = Action.list(resourceVersion: version, continueToken: nil)
    state = .listing(objects: [], action: action)
    return action
  }

  private mutating func retry(
    _ action: Action, at now: Duration, _ chance: Double, after seconds: Int? = nil
  ) -> Step {
    let least = Duration.seconds(min(seconds ?? 0, Self.longestRetryAfter))
    return Step(next: action, delay: max(least, backoff.next(at: now, chance: chance)))
  }
}
