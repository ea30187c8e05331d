package import EventLoop

/// Connections of one event loop to one backend, kept alive, never more than a bound. Over HTTP/2 a few carry many requests;
/// over HTTP/1.1 each carries one, the last used first.
package final class ConnectionPool {
  /// Bounds of one pool.
  package struct Limits: Sendable {
    /// Requests under way at once; over HTTP/1.1 each has a connection.
    package var requests = 64
    /// Requests that may wait for their turn besides.
    package var waiting = 64
    /// How long an unused connection is kept.
    package var idleLifetime = Duration.seconds(60)
    /// For resolving, TCP and TLS together.
    package var connectTimeout = Duration.seconds(2)
    /// Of one answer's body, in bytes.
    package var bodyBytes = 16 * 1024 * 1024
    /// Of the bodies that all pools are receiving.
    package var held: HeldBytes?

    package init() {}
  }

  package let address: BackendAddress
  private let loop: EventLoop
  private let resolver: NameResolver
  private let limits: Limits
  private var idle: [HTTP1ClientConnection] = []
  private var shared: [HTTP2ClientConnection] = []
  private var active = 0
  private let waiting: WaitingLine<Void>
  private var budget = RetryBudget()
  /// Whether the last connection was of HTTP/2, so that one is enough for many; nil before the first.
  private var isMultiplexed: Bool?
  private var isOpening = false
  private let openers: WaitingLine<ExchangeError?>
  private var isClosed = false

  package init(address: BackendAddress, loop: EventLoop, resolver: NameResolver, limits: Limits = Limits()) {
    self.address = address
    self.loop = loop
    self.resolver = resolver
    self.limits = limits
    waiting = WaitingLine(loop: loop)
    openers = WaitingLine(loop: loop)
  }

  /// Sends `request` and returns the whole answer.
  ///
  /// A connection that was kept may have been ended by the backend meanwhile: where it fails before any byte of the
  /// answer, or the backend says that it has not processed the request, that is sent once more, within a budget. Nothing
  /// else is ever sent twice.
  package func exchange(
    _ request: ClientRequest, deadline: MonotonicTime
  ) async throws(ExchangeError) -> ReceivedResponse {
    try await enter(deadline: deadline)
    defer { leave() }
    budget.earn()
    do throws(FailedAttempt) {
      return try await attempt(request, deadline: deadline)
    } catch {
      guard error.mayRetry, loop.now < deadline, budget.spend() else { throw error.error }
    }
    do throws(FailedAttempt) {
      return try await attempt(request, deadline: deadline)
    } catch {
      throw error.error
    }
  }

  /// A failed attempt.
  private struct FailedAttempt: Error {
    var error: ExchangeError
    var mayRetry: Bool
  }

  private func attempt(_ request: ClientRequest, deadline: MonotonicTime) async throws(FailedAttempt)
    -> ReceivedResponse
  {
    let (connection, isKept) = try await connection(deadline: deadline)
    switch connection {
    case .http2(let connection):
      do throws(HTTP2ExchangeFailure) {
        return try await connection.exchange(request, deadline: deadline)
      } catch {
        throw FailedAttempt(error: error.error, mayRetry: error.mayRetry)
      }
    case .http1(let connection):
      do throws(ExchangeError) {
        let answer = try await connection.exchange(
          request, bodyLimit: limits.bodyBytes, held: limits.held, deadline: deadline)
        keep(connection)
        return answer
      } catch {
        connection.close()
        // The others were opened to the same place, which may have gone without a word: none is tried one by one.
        if isKept, case .timedOut = error { closeIdle() }
        let mayRetry = if case .broken = error { isKept && !connection.hasAnswerBegun } else { false }
        throw FailedAttempt(error: error, mayRetry: mayRetry)
      }
    }
  }

  // MARK: Connections

  private func connection(deadline: MonotonicTime) async throws(FailedAttempt) -> (ClientConnection, isKept: Bool) {
    while true {
      if let kept = takeKept() { return (kept, true) }
      guard isOpening, isMultiplexed != false else { return (try await open(deadline: deadline), false) }
      // One connection will do for all who wait, unless it turns out to be of HTTP/1.1.
      guard let outcome = await openers.wait(until: deadline) else {
        throw FailedAttempt(error: .timedOut("waiting for a connection"), mayRetry: false)
      }
      if let failure = outcome { throw FailedAttempt(error: failure, mayRetry: false) }
    }
  }

  private func takeKept() -> ClientConnection? {
    if !shared.isEmpty, let best = leastLoaded() { return .http2(best) }
    while let connection = idle.popLast() {
      if connection.isUsable { return .http1(connection) }
      connection.close()
    }
    return nil
  }

  private func leastLoaded() -> HTTP2ClientConnection? {
    var best: HTTP2ClientConnection?
    var hasSpent = false
    for connection in shared {
      if connection.isIdle { connection.tend() }
      if connection.isSpent {
        connection.retire()
        hasSpent = true
      } else if connection.hasRoom, connection.load < best?.load ?? .max {
        best = connection
      }
    }
    if hasSpent { shared.removeAll(where: \.isSpent) }
    return best
  }

  private func open(deadline: MonotonicTime) async throws(FailedAttempt) -> ClientConnection {
    isOpening = true
    let connectDeadline = min(deadline, loop.now + limits.connectTimeout)
    let opened: ClientConnection
    do throws(ExchangeError) {
      opened = try await ClientConnection.open(
        address, loop: loop, resolver: resolver, limits: limits, deadline: connectDeadline)
    } catch {
      // Whose own time was over says nothing to those who have more: one of them opens the next.
      if case .timedOut = error, deadline <= connectDeadline { endOpening(nil) } else { endOpening(error) }
      throw FailedAttempt(error: error, mayRetry: false)
    }
    if case .http2(let connection) = opened {
      isMultiplexed = true
      if isClosed { connection.closeAfterUse() } else { shared.append(connection) }
    } else {
      isMultiplexed = false
    }
    endOpening(nil)
    return opened
  }

  private func endOpening(_ failure: ExchangeError?) {
    isOpening = false
    openers.resumeAll(failure)
  }

  private func closeIdle() {
    for connection in idle { connection.close() }
    idle = []
  }

  private func keep(_ connection: HTTP1ClientConnection) {
    guard connection.isUsable, !isClosed else { return connection.close() }
    connection.idleSince = loop.now
    idle.append(connection)
  }

  // MARK: Turns

  private func enter(deadline: MonotonicTime) async throws(ExchangeError) {
    if active < limits.requests {
      active += 1
      return
    }
    guard waiting.count < limits.waiting else { throw .overloaded(limit: limits.requests + limits.waiting) }
    if await waiting.wait(until: deadline) == nil { throw .timedOut("waiting for a free connection") }
  }

  private func leave() {
    // The place passes on to who waits: `active` stays as it is.
    if !waiting.resumeFirst(()) { active -= 1 }
  }

  // MARK: Keeping house

  /// Closes connections that the backend has ended, or that nobody has used for the idle lifetime.
  package func maintain() {
    let oldest = loop.now.advanced(
      nanoseconds: -Int64(clamping: limits.idleLifetime.components.seconds) * 1_000_000_000)
    idle = idle.filter { connection in
      if connection.isUsable, connection.idleSince > oldest { return true }
      connection.close()
      return false
    }
    shared = shared.filter { connection in
      connection.tend()
      guard connection.isIdle else { return !connection.isSpent }
      if !connection.isSpent, connection.idleSince > oldest { return true }
      connection.close()
      return false
    }
  }

  /// Closes the idle connections; exchanges that are under way end by themselves and leave nothing behind.
  package func close() {
    isClosed = true
    closeIdle()
    for connection in shared { connection.retire() }
    shared = []
  }

  /// How many connections are open and carry nothing, and how many are open at all.
  package var connectionCounts: (idle: Int, open: Int) {
    let unused = idle.count + shared.count(where: \.isIdle)
    let used = shared.isEmpty ? active : shared.count(where: { !$0.isIdle })
    return (unused, unused + used)
  }
}
