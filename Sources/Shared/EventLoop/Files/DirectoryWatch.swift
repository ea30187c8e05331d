import CLinux
import Glibc
import Synchronization

/// Tells when something in a folder may have changed: at each inotify event, and at the latest after an interval, since a
/// mounted volume does not always tell. Several changes at one time are told once.
package final class DirectoryWatch: Sendable {
  /// One element for each time to look again, the first at once.
  package let changes: AsyncStream<Void>

  private final class Watcher: Sendable {
    let directory: String
    let interval: Duration
    let continuation: AsyncStream<Void>.Continuation
    let isOver = Atomic<Bool>(false)

    init(directory: String, interval: Duration, continuation: AsyncStream<Void>.Continuation) {
      self.directory = directory
      self.interval = interval
      self.continuation = continuation
    }
  }

  private let watcher: Watcher

  /// Watches on a thread of its own until the object goes away. A folder that does not exist yet is only polled until it
  /// does.
  package init(directory: String, interval: Duration) throws(SystemError) {
    let (changes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    self.changes = changes
    watcher = Watcher(directory: directory, interval: interval, continuation: continuation)
    let thread = try NamedThread.start("watch") { [watcher] in DirectoryWatch.run(watcher) }
    pthread_detach(thread)
  }

  deinit { watcher.isOver.store(true, ordering: .releasing) }

  private static func run(_ watcher: Watcher) {
    let descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
    defer { if descriptor >= 0 { close(descriptor) } }
    var isAdded = false
    let milliseconds = Int32(max(1, min(watcher.interval / .milliseconds(1), 86_400_000)))
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !watcher.isOver.load(ordering: .acquiring) {
      if descriptor >= 0, !isAdded {
        let events = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_DELETE_SELF)
        isAdded = inotify_add_watch(descriptor, watcher.directory, events) >= 0
      }
      watcher.continuation.yield()
      var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&polled, 1, milliseconds) > 0 else { continue }
      var wasRemoved = false
      while true {
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { break }
        wasRemoved = wasRemoved || saysRemoved(buffer[..<count])
      }
      if wasRemoved { isAdded = false }
    }
    watcher.continuation.finish()
  }

  /// Whether one of the events says that the folder itself is gone, and with it the watch.
  private static func saysRemoved(_ events: ArraySlice<UInt8>) -> Bool {
    events.withUnsafeBytes { bytes in
      var offset = 0
      while offset + MemoryLayout<inotify_event>.size <= bytes.count {
        let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
        if event.mask & UInt32(IN_IGNORED) != 0 { return true }
        offset += MemoryLayout<inotify_event>.size + Int(event.len)
      }
      return false
    }
  }
}
