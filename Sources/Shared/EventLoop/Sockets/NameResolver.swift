import CLinux
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
/// a failure for 1 s. Equal questions at one time are one look-up. Where the resolver fails, or takes longer than a second,
/// the last addresses count for five minutes more: a Service keeps its address, and cluster DNS has its moments. Shared by
/// all workers.
package final class NameResolver: Sendable {
  package typealias Answer = Result<HostAddresses, ResolutionError>

  private struct Entry {
    var answer: Answer
    var expires: MonotonicTime
    /// What was last found, and until when it is better than nothing.
    var last: HostAddresses?
    var lastExpires: MonotonicTime

    func standIn(at now: MonotonicTime) -> HostAddresses? { lastExpires > now ? last : nil }
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
    /// Hosts that no thread looks up yet, first come first served.
    var due: [String] = []
    var threads = 0
  }

  private static let capacity = 4096
  private static let failureLifetime = Duration.seconds(1)
  private static let standInLifetime = Duration.seconds(300)
  /// How long somebody waits for the resolver who could go by what was last found.
  private static let patience = Duration.seconds(1)
  /// getaddrinfo blocks: at most this many threads wait in it. They are of its own, lest those that run tasks all wait for
  /// a cluster's DNS.
  private static let maximumThreads = 8
  private let state = Mutex(State())

  private let ask: @Sendable (String) -> Answer
  /// How long an address is not looked up again.
  private let lifetime: Duration

  package convenience init() { self.init(asking: Self.system) }

  /// `ask` stands in for the system's resolver; it may block.
  package init(lifetime: Duration = .seconds(30), asking ask: @escaping @Sendable (String) -> Answer) {
    self.lifetime = lifetime
    self.ask = ask
  }

  /// What is known of `host`. Textual addresses are their own answer. The caller runs
  /// on `loop`; the system's resolver knows no deadline, so a look-up that misses `deadline` goes on for the next caller.
  package func resolve(_ host: String, on loop: EventLoop, deadline: MonotonicTime) async -> Answer {
    if let address = SocketAddress(host, port: 0) { return .success(HostAddresses(addresses: [address])) }
    return await withUnsafeContinuation { continuation in
      let waiter = Waiter(continuation)
      var standIn: HostAddresses?
      let known: Answer? = state.withLock { state in
        let now = MonotonicTime.now()
        if let entry = state.entries[host] {
          if entry.expires > now { return entry.answer }
          standIn = entry.standIn(at: now)
        }
        let isFirst = state.waiting[host] == nil
        state.waiting[host, default: []].append(waiter)
        guard isFirst else { return nil }
        state.due.append(host)
        guard state.threads < Self.maximumThreads else { return nil }
        if startThread() { state.threads += 1 }
        // Without any nobody would ever answer.
        guard state.threads == 0 else { return nil }
        state.due = []
        state.waiting[host] = nil
        return .failure(ResolutionError(host: host, message: "no thread to look it up on"))
      }
      if let known { return waiter.resume(known) }
      if let standIn { loop.at(min(deadline, loop.now + Self.patience)) { waiter.resume(.success(standIn)) } }
      loop.at(deadline) {
        waiter.resume(.failure(ResolutionError(host: host, message: "no answer in time", isTimeout: true)))
      }
    }
  }

  /// Forgets `host`, whose address did not answer.
  package func forget(_ host: String) { state.withLock { $0.entries[host] = nil } }

  /// False where the system gives none.
  private func startThread() -> Bool {
    guard let thread = try? NamedThread.start("resolver", { self.lookUpAll() }) else { return false }
    pthread_detach(thread)
    return true
  }

  /// Until no host is left; then the thread ends.
  private func lookUpAll() {
    while let host = nextHost() { lookUp(host) }
  }

  private func nextHost() -> String? {
    state.withLock { state in
      guard state.due.isEmpty else { return state.due.removeFirst() }
      state.threads -= 1
      return nil
    }
  }

  private func lookUp(_ host: String) {
    let answer = ask(host)
    let (outcome, waiting) = state.withLock { state in
      if state.entries.count >= Self.capacity { state.entries.removeAll() }
      let now = MonotonicTime.now()
      switch answer {
      case .success(let found):
        state.entries[host] = Entry(
          answer: answer, expires: now + lifetime, last: found, lastExpires: now + Self.standInLifetime)
      case .failure:
        let former = state.entries[host]
        let standIn = former?.standIn(at: now)
        state.entries[host] = Entry(
          answer: standIn.map(Answer.success) ?? answer, expires: now + Self.failureLifetime, last: standIn,
          lastExpires: former?.lastExpires ?? now)
      }
      return (state.entries[host]?.answer ?? answer, state.waiting.removeValue(forKey: host) ?? [])
    }
    for waiter in waiting { waiter.resume(outcome) }
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
