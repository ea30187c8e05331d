import CLinux
import Glibc
import Synchronization

/// One thread that waits on epoll and, between two waits, runs Swift jobs: an actor that names it as its executor lives
/// on that thread, and what the actor owns never leaves its core (SE-0392). A task that also prefers it (SE-0417) stays on
/// the thread through every suspension, including those that would otherwise pass through the global pool.
///
/// A job enqueued from the loop's own thread, as the continuation of a socket that became ready, goes to a plain array;
/// one from elsewhere goes through a lock and wakes the thread.
// Sound: the variables are touched on the loop's thread alone (`assertOnLoop`); everything else is immutable or locked.
package final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
  private struct Slot {
    var handle: ReadinessHandle?
    var generation: UInt32 = 0
  }

  /// Jobs run between two looks at epoll, so that a busy actor cannot starve the sockets.
  private static let jobsPerTurn = 256

  /// For those who read on this loop.
  package let blocks = MemoryBlocks()
  private let poller: Poller
  private var jobs: [UnownedJob] = []
  private var runningJobs: [UnownedJob] = []
  private var timers = TimerHeap<TimerTarget>()
  private var slots: [Slot] = []
  private var freeSlots: [UInt32] = []
  private var wokeAt = MonotonicTime.now()

  /// What comes from other threads.
  private struct Arrivals {
    var jobs: [UnownedJob] = []
    /// Whether a thread runs that will look at them.
    var hasThread = true
  }

  private let name: String
  private let remote = Mutex(Arrivals())
  private let isWakePending = Atomic<Bool>(false)
  private let isStopping = Atomic<Bool>(false)
  private let thread = Atomic<UInt>(0)
  private let joinable = Mutex<pthread_t?>(nil)

  /// Starts the thread, which runs until ``stop()``. `name` is shown by `top -H`, cut at 15 bytes.
  package init(name: String) throws(SystemError) {
    poller = try Poller()
    self.name = String(name.prefix(15))
    let created = try startThread()
    joinable.withLock { $0 = created }
  }

  private func startThread() throws(SystemError) -> pthread_t { try NamedThread.start(name) { self.run() } }

  /// Ends the thread after the jobs that are already queued, and waits for it. Not to be called on the loop itself.
  /// Tasks that sleep are woken, whatever the time. Sockets that are still open are closed, so that tasks that wait on them
  /// are told so, and end. A task that waits for something else at that time is not waited for; when it comes back, a thread
  /// of its own lets it end, as everything here is closed.
  package func stop() {
    isStopping.store(true, ordering: .releasing)
    poller.wake()
    let joined = joinable.withLock { thread in
      defer { thread = nil }
      return thread
    }
    if let joined { pthread_join(joined, nil) }
  }

  /// The time at which the loop last woke: good enough for deadlines, and free.
  package var now: MonotonicTime {
    assertOnLoop()
    return wokeAt
  }

  /// Whether ``stop()`` was called: what repeats itself ends here.
  package var isEnding: Bool { isStopping.load(ordering: .acquiring) }

  package var isCurrent: Bool { UInt(pthread_self()) == thread.load(ordering: .relaxed) }

  func assertOnLoop() { assert(isCurrent, "state of an event loop touched from another thread") }

  // MARK: SerialExecutor

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent {
      jobs.append(job)
      return
    }
    let hasThread = remote.withLock { arrivals in
      arrivals.jobs.append(job)
      defer { arrivals.hasThread = true }
      return arrivals.hasThread
    }
    if !hasThread { return startLateThread() }
    if !isWakePending.exchange(true, ordering: .acquiringAndReleasing) { poller.wake() }
  }

  /// Where there can be no thread, the job stays until another one comes.
  private func startLateThread() {
    do throws(SystemError) {
      pthread_detach(try startThread())
    } catch {
      remote.withLock { $0.hasThread = false }
    }
  }

  package func checkIsolated() {
    precondition(isCurrent, "not on the event loop")
  }

  package func isIsolatingCurrentContext() -> Bool? { isCurrent }

  // MARK: The thread

  private func run() {
    thread.store(UInt(pthread_self()), ordering: .relaxed)
    while true {
      let hasMore = runJobs()
      if isEnding, !hasMore, remote.withLock({ $0.jobs.isEmpty }) {
        // Who waits for others to end, and looks now and then, finds that they have.
        if closeSockets() { continue }
        if let timer = timers.popDue(at: .distantFuture) {
          fire(timer)
          continue
        }
        if leave() { return }
      }
      poller.wait(timeout: hasMore ? 0 : pollTimeout()) { event in deliver(event) }
      wokeAt = .now()
      isWakePending.store(false, ordering: .sequentiallyConsistent)
      remote.withLock { arrived in
        jobs.append(contentsOf: arrived.jobs)
        arrived.jobs.removeAll(keepingCapacity: true)
      }
      while let timer = timers.popDue(at: wokeAt) { fire(timer) }
    }
  }

  /// Returns whether the thread may end: not while jobs have come since it last looked. After that it touches nothing here,
  /// since another one may have been started.
  private func leave() -> Bool {
    thread.store(0, ordering: .relaxed)
    let mayEnd = remote.withLock { arrivals in
      arrivals.hasThread = !arrivals.jobs.isEmpty
      return arrivals.jobs.isEmpty
    }
    if !mayEnd { thread.store(UInt(pthread_self()), ordering: .relaxed) }
    return mayEnd
  }

  /// Returns whether jobs are left over for the next turn.
  private func runJobs() -> Bool {
    var budget = Self.jobsPerTurn
    let (executor, preference) = (asUnownedSerialExecutor(), asUnownedTaskExecutor())
    while !jobs.isEmpty, budget > 0 {
      swap(&jobs, &runningJobs)
      // By index: holding the array itself would make `removeAll` give its memory up.
      for index in runningJobs.indices {
        runningJobs[index].runSynchronously(isolatedTo: executor, taskExecutor: preference)
      }
      budget -= runningJobs.count
      runningJobs.removeAll(keepingCapacity: true)
    }
    return !jobs.isEmpty
  }

  private func pollTimeout() -> Int32 {
    if isEnding { return 0 }
    guard let due = timers.nextDue else { return -1 }
    let now = MonotonicTime.now()
    if due <= now { return 0 }
    // Rounded up: waking a moment before the deadline would only mean waiting again.
    let milliseconds = (due.nanoseconds - now.nanoseconds + 999_999) / 1_000_000
    return Int32(clamping: milliseconds)
  }

  // MARK: Sockets

  /// From now on `handle` is told when its descriptor becomes ready.
  func register(_ handle: ReadinessHandle) throws(SystemError) {
    assertOnLoop()
    let index: UInt32
    if let free = freeSlots.popLast() {
      index = free
    } else {
      index = UInt32(slots.count)
      slots.append(Slot())
    }
    let generation = slots[Int(index)].generation
    handle.slot = index
    do throws(SystemError) {
      try poller.add(handle.descriptor, token: UInt64(generation) << 32 | UInt64(index))
    } catch {
      freeSlots.append(index)
      throw error
    }
    slots[Int(index)].handle = handle
  }

  func unregister(_ handle: ReadinessHandle) {
    assertOnLoop()
    poller.remove(handle.descriptor)
    let index = Int(handle.slot)
    slots[index].handle = nil
    // An event of this turn that still carries the old generation finds nobody.
    slots[index].generation = (slots[index].generation &+ 1) & 0x7fff_ffff
    freeSlots.append(handle.slot)
  }

  /// Returns whether there were any: who waited on them has something to do.
  private func closeSockets() -> Bool {
    let open = slots.compactMap(\.handle)
    for handle in open { handle.close() }
    return !open.isEmpty
  }

  private func deliver(_ event: Poller.Event) {
    let index = Int(truncatingIfNeeded: event.token & 0xffff_ffff)
    guard index < slots.count, slots[index].generation == UInt32(event.token >> 32),
      let handle = slots[index].handle
    else { return }
    handle.deliver(readable: event.isReadable, writable: event.isWritable, hangup: event.isHangup)
  }

  // MARK: Timers

  func schedule(_ target: TimerTarget, due: MonotonicTime) {
    assertOnLoop()
    timers.insert(target, due: due)
  }

  private func fire(_ target: TimerTarget) {
    switch target {
    case .deadline(let handle): handle.checkDeadlines(at: wokeAt)
    case .sleep(let continuation): continuation.resume()
    case .action(let action): action()
    }
  }

  /// Calls `action` on this loop at `due`. It cannot be taken back: `action` looks whether it is still wanted.
  package func at(_ due: MonotonicTime, _ action: @escaping () -> Void) { schedule(.action(action), due: due) }

  /// Suspends the caller, which runs on this loop, until `due`. Cannot be cancelled: keep it short.
  package func sleep(until due: MonotonicTime) async {
    await withUnsafeContinuation { continuation in schedule(.sleep(continuation), due: due) }
  }
}

/// What a timer of a loop wakes.
enum TimerTarget {
  case deadline(ReadinessHandle)
  case sleep(UnsafeContinuation<Void, Never>)
  case action(() -> Void)
}
