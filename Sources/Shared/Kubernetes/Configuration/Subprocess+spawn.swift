import Glibc

/// The `errno` for which a program cannot be started.
struct SpawnError: Error {
  var code: Int32
  var message: String { String(cString: strerror(code)) }

  static func check(_ code: Int32) throws(SpawnError) {
    if code != 0 { throw SpawnError(code: code) }
  }
}

/// A pipe that no other program inherits. Closes what is still open when it goes.
final class Pipe {
  let readEnd: Int32
  private(set) var writeEnd: Int32

  init() throws(SpawnError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SpawnError(code: errno) }
    (readEnd, writeEnd) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }

  deinit {
    close(readEnd)
    closeWriteEnd()
  }

  func closeWriteEnd() {
    guard writeEnd >= 0 else { return }
    close(writeEnd)
    writeEnd = -1
  }
}

extension Subprocess {
  /// Starts the program in a process group of its own, with nothing to read, no signal blocked and none ignored.
  static func spawn(
    _ command: [String], _ environment: [String: String], output: Int32, errors: Int32
  ) throws(SpawnError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    try SpawnError.check(posix_spawn_file_actions_init(&actions))
    defer { posix_spawn_file_actions_destroy(&actions) }
    try SpawnError.check(posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0))
    try SpawnError.check(posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO))
    try SpawnError.check(posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO))

    var attributes = posix_spawnattr_t()
    try SpawnError.check(posix_spawnattr_init(&attributes))
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (arguments + variables).forEach { free($0) } }
    var child: pid_t = 0
    try SpawnError.check(posix_spawnp(&child, command[0], &actions, &attributes, &arguments, &variables))
    return child
  }
}
