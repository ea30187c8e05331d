import CLinux
import Glibc

/// Threads of the system's, for what blocks or takes long and is no task therefore.
enum NamedThread {
  /// Runs `body` on a thread of its own, to be joined or detached. Throws where there can be no further one.
  static func start(_ name: String, _ body: @escaping () -> Void) throws(SystemError) -> pthread_t {
    let start = Unmanaged.passRetained(Start(name: name, body: body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        linux_set_thread_name(start.name)
        start.body()
        return nil
      }, start.toOpaque())
    guard code == 0 else {
      start.release()
      throw SystemError("pthread_create for \(name)", code: code)
    }
    return thread
  }

  private final class Start {
    let name: String
    let body: () -> Void

    init(name: String, body: @escaping () -> Void) {
      self.name = name
      self.body = body
    }
  }
}
