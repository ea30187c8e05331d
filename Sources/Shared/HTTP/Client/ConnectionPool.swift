package import EventLoop

/// Connections of one event loop to one backend: kept alive, the last used taken first, never more than a bound.
package final class ConnectionPool {
  package struct Limits: Sendable {
    package var connections = 64
    package var idleLifetime = Duration.seconds(60)
    package var connectTimeout = Duration.seconds(2)
    package var bodyBytes = 16 * 1024 * 1024

    package init() {}
  }

  /// Somebody who waits for a connection to become free. Resumed with whether it may go on.
  private final class Waiter {
    var continuation: UnsafeContinuation<Bool, Never>?

    func resume(_ mayGoOn: Bool) {
      continuation?.resume(returning: mayGoOn)
      continuation = nil
    }
  }

  package let address: BackendAddress
  private let loop: EventLoop
  private let resolver: NameResolver
  private let limits: Limits
  private var idle: [ClientConnection] = []
  private var inUse = 0
  private var waiters: [Waiter] = []
  private var isClosed = false

  package init(address: BackendAddress, loop: EventLoop, resolver: NameResolver, limits: Limits = Limits()) {
    self.address = address
    self.loop = loop
    self.resolver = resolver
    self.limits = limits
  }

  /// Sends `request`, a whole GET message, and returns the whole answer.
  ///
  /// A connection that was kept may have been ended by the backend meanwhile: where it fails before any byte of the
  /// answer, the request is sent once more on a fresh one. Nothing else is ever sent twice.
  package func exchange(
    _ request: [UInt8], deadline: MonotonicTime
  ) async throws(ExchangeError) -> HTTP1ResponseParser.Answer {
    guard await enter(deadline: deadline) else { throw .timedOut("waiting for a free connection") }
    defer { leave() }
    if let kept = takeIdle() {
      do throws(ExchangeError) {
        return try await exchange(request, on: kept, deadline: deadline)
      } catch {
        guard case .broken = error, !kept.hasAnswerBegun else { throw error }
      }
    }
    let connectDeadline = min(deadline, loop.now + limits.connectTimeout)
    let fresh = try await ClientConnection.open(address, loop: loop, resolver: resolver, deadline: connectDeadline)
    return try await exchange(request, on: fresh, deadline: deadline)
  }

  private func exchange(
    _ request: [UInt8], on connection: ClientConnection, deadline: MonotonicTime
  ) async throws(ExchangeError) -> HTTP1ResponseParser.Answer {
    do throws(ExchangeError) {
      let answer = try await connection.exchange(request, bodyLimit: limits.bodyBytes, deadline: deadline)
      if answer.keepsAlive, !connection.hasSurplus, connection.isUsable, !isClosed {
        connection.idleSince = loop.now
        idle.append(connection)
      } else {
        connection.close()
      }
      return answer
    } catch {
      connection.close()
      throw error
    }
  }

  private func takeIdle() -> ClientConnection? {
    while let connection = idle.popLast() {
      if connection.isUsable { return connection }
      connection.close()
    }
    return nil
  }

  private func enter(deadline: MonotonicTime) async -> Bool {
    if inUse < limits.connections {
      inUse += 1
      return true
    }
    let waiter = Waiter()
    waiters.append(waiter)
    loop.at(deadline) { waiter.resume(false) }
    return await withUnsafeContinuation { waiter.continuation = $0 }
  }

  private func leave() {
    while !waiters.isEmpty {
      let next = waiters.removeFirst()
      guard next.continuation != nil else { continue }
      // Its place passes on: `inUse` stays as it is.
      next.resume(true)
      return
    }
    inUse -= 1
  }

  /// Closes connections that the backend has ended, or that nobody has used for the idle lifetime.
  package func maintain() {
    let oldest = loop.now.advanced(
      nanoseconds: -Int64(clamping: limits.idleLifetime.components.seconds) * 1_000_000_000)
    idle = idle.filter { connection in
      if connection.isUsable, connection.idleSince > oldest { return true }
      connection.close()
      return false
    }
  }

  /// Closes the idle connections; exchanges that are under way end by themselves and leave nothing behind.
  package func close() {
    isClosed = true
    for connection in idle { connection.close() }
    idle = []
  }

  package var idleCount: Int { idle.count }
}
