import CLinux
import Glibc

/// Owns an epoll instance and the eventfd that wakes it; nothing else knows their constants.
///
/// Descriptors are registered once, edge-triggered, for both directions: after that a steady connection costs no further
/// `epoll_ctl` call.
struct Poller: ~Copyable {
  struct Event {
    var token: UInt64
    var isReadable: Bool
    var isWritable: Bool
    /// The peer closed its side, or the descriptor failed: a read will tell which.
    var isHangup: Bool
  }

  static let wakeToken = UInt64.max
  private static let capacity = 256

  private let descriptor: Int32
  private let wakeDescriptor: Int32
  private let buffer: UnsafeMutablePointer<epoll_event>

  init() throws(SystemError) {
    let poll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard poll >= 0 else { throw SystemError("epoll_create1") }
    let wake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    var event = epoll_event(events: EPOLLIN.rawValue | EPOLLET.rawValue, data: epoll_data_t(u64: Self.wakeToken))
    guard wake >= 0, epoll_ctl(poll, EPOLL_CTL_ADD, wake, &event) == 0 else {
      let error = SystemError("eventfd")
      close(poll)
      if wake >= 0 { close(wake) }
      throw error
    }
    descriptor = poll
    wakeDescriptor = wake
    buffer = .allocate(capacity: Self.capacity)
  }

  deinit {
    close(wakeDescriptor)
    close(descriptor)
    buffer.deallocate()
  }

  /// May be called from any thread.
  func wake() {
    var one: UInt64 = 1
    // A full counter (EAGAIN) means that a wake-up is already pending.
    _ = write(wakeDescriptor, &one, 8)
  }

  func add(_ handle: Int32, token: UInt64) throws(SystemError) {
    let interest = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
    var event = epoll_event(events: interest, data: epoll_data_t(u64: token))
    guard epoll_ctl(descriptor, EPOLL_CTL_ADD, handle, &event) == 0 else {
      throw SystemError("epoll_ctl add descriptor \(handle)")
    }
  }

  func remove(_ handle: Int32) {
    _ = epoll_ctl(descriptor, EPOLL_CTL_DEL, handle, nil)
  }

  /// Waits until something happens or `timeout` milliseconds have passed (negative: for ever), and hands each event over.
  func wait(timeout: Int32, _ handle: (Event) -> Void) {
    let count = epoll_wait(descriptor, buffer, Int32(Self.capacity), timeout)
    guard count > 0 else { return }
    for index in 0..<Int(count) {
      let event = buffer[index]
      if event.data.u64 == Self.wakeToken {
        var counter: UInt64 = 0
        _ = read(wakeDescriptor, &counter, 8)
        continue
      }
      let bits = event.events
      let failed = bits & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
      handle(
        Event(
          token: event.data.u64, isReadable: failed || bits & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0,
          isWritable: failed || bits & EPOLLOUT.rawValue != 0,
          isHangup: failed || bits & EPOLLRDHUP.rawValue != 0))
    }
  }
}
