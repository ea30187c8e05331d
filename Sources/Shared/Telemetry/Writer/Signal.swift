import Glibc

/// Lets one thread wait for another. Raised before the wait, it still counts.
final class Signal: @unchecked Sendable {
  // Sound: the pointers never change, and `raised` is only touched under the lock.
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var raised = false

  init() {
    lock = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
    condition = .allocate(capacity: 1)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    // A step of the wall clock must not stretch a wait.
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    condition.deallocate()
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  func raise() {
    pthread_mutex_lock(lock)
    raised = true
    pthread_cond_signal(condition)
    pthread_mutex_unlock(lock)
  }

  func wait() {
    pthread_mutex_lock(lock)
    while !raised { pthread_cond_wait(condition, lock) }
    raised = false
    pthread_mutex_unlock(lock)
  }

  /// False when the time is over first.
  func wait(atMost limit: Duration) -> Bool {
    var deadline = timespec()
    clock_gettime(CLOCK_MONOTONIC, &deadline)
    let (seconds, attoseconds) = limit.components
    let nanoseconds = deadline.tv_nsec + Int(attoseconds / 1_000_000_000)
    deadline.tv_sec += Int(seconds) + nanoseconds / 1_000_000_000
    deadline.tv_nsec = nanoseconds % 1_000_000_000
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while !raised {
      guard pthread_cond_timedwait(condition, lock, &deadline) == 0 else { return raised }
    }
    raised = false
    return true
  }
}
