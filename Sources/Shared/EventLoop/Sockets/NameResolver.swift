import CLinux
import Dispatch
import Glibc
import Synchronization

/// Why a host name gave no address.
package struct ResolutionError: Error, Sendable, Equatable, CustomStringConvertible {
  package var host: String
  package var message: String
  /// Nobody said anything before the deadline.
  package var isTimeout = false
  package var description: String { "cannot resolve \(host): \(message)" }
}

/// Looks host names up with the system's resolver, off the event loops, and remembers the answers: an address for 30 s,
/// a failure for 1 s. Equal questions at one time are one look-up. Shared by all workers.
package final class NameResolver: Sendable {
  package typealias Answer = Result<HostAddresses, ResolutionError>

  private struct Entry {
    var answer: Answer
    var expires: MonotonicTime
  }

  /// Somebody who waits: resumed once, by the answer or by the deadline, whichever comes first.
  private final class Waiter: Sendable {
    private let continuation: Mutex<UnsafeContinuation<Answer, Never>?>

    init(_ continuation: UnsafeContinuation<Answer, Never>) { self.continuation = Mutex(continuation) }

    func resume(_ answer: Answer) {
      let waiting = continuation.withLock { $0.take() }
      waiting?.resume(returning: answer)
    }
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var waiting: [String: [Waiter]] = [:]
  }

  private static let capacity = 4096
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "metrics-router.resolver", attributes: .concurrent)
  /// getaddrinfo blocks: at most this many threads may wait in it.
  private let permits = DispatchSemaphore(value: 8)

  private let ask: @Sendable (String) -> Answer

  package init() { ask = Self.system }

  /// `ask` stands in for the system's resolver; it may block.
  package init(asking ask: @escaping @Sendable (String) -> Answer) { self.ask = ask }

  /// What is known of `host`. Textual addresses are their own answer. The caller runs
  /// on `loop`; the system's resolver knows no deadline, so a look-up that misses `deadline` goes on for the next caller.
  package func resolve(_ host: String, on loop: EventLoop, deadline: MonotonicTime) async -> Answer {
    if let address = SocketAddress(host, port: 0) { return .success(HostAddresses(addresses: [address])) }
    return await withUnsafeContinuation { continuation in
      let waiter = Waiter(continuation)
      let known: Answer? = state.withLock { state in
        if let entry = state.entries[host], entry.expires > .now() { return entry.answer }
        let isFirst = state.waiting[host] == nil
        state.waiting[host, default: []].append(waiter)
        if isFirst { queue.async { self.lookUp(host) } }
        return nil
      }
      if let known { return waiter.resume(known) }
      loop.at(deadline) {
        waiter.resume(.failure(ResolutionError(host: host, message: "no answer in time", isTimeout: true)))
      }
    }
  }

  /// Forgets `host`, whose address did not answer.
  package func forget(_ host: String) { state.withLock { $0.entries[host] = nil } }

  private func lookUp(_ host: String) {
    permits.wait()
    let answer = ask(host)
    permits.signal()
    let lifetime: Duration = if case .success = answer { .seconds(30) } else { .seconds(1) }
    let waiting = state.withLock { state in
      if state.entries.count >= Self.capacity { state.entries.removeAll() }
      state.entries[host] = Entry(answer: answer, expires: .now() + lifetime)
      return state.waiting.removeValue(forKey: host) ?? []
    }
    for waiter in waiting { waiter.resume(answer) }
  }

  private static func system(_ host: String) -> Answer {
    var hints = addrinfo()
    hints.ai_flags = AI_CANONNAME
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, &hints, &list)
    guard code == 0 else {
      return .failure(ResolutionError(host: host, message: String(cString: gai_strerror(code))))
    }
    defer { freeaddrinfo(list) }
    var addresses: [SocketAddress] = []
    // It stands in the first entry alone.
    let canonicalName = list?.pointee.ai_canonname.map { String(cString: $0) }
    var next = list
    while let entry = next {
      if let address = entry.pointee.ai_addr.flatMap({ SocketAddress($0) }) { addresses.append(address) }
      next = entry.pointee.ai_next
    }
    guard !addresses.isEmpty else { return .failure(ResolutionError(host: host, message: "no address")) }
    return .success(
      HostAddresses(addresses: addresses, canonicalName: canonicalName, searchDomains: SearchDomains.ofSystem()))
  }
}
