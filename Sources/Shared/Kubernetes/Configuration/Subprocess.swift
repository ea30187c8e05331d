import Glibc
import Synchronization

/// A program run to its end on a thread of its own, its output kept within bounds.
struct Subprocess {
  private static let maximumOutput = 1 << 20

  /// The exit code, or minus the signal that ended it.
  private(set) var status: Int32 = 0
  private(set) var standardOutput: [UInt8] = []
  private var standardError: [UInt8] = []

  /// Waits for the program; kills its process group at the deadline. `source` is for messages.
  static func run(
    _ command: [String], environment: [String: String], deadline: Duration, source: String
  ) async throws(ConfigurationError) -> Subprocess {
    let result = await withCheckedContinuation {
      (continuation: CheckedContinuation<Result<Subprocess, ConfigurationError>, Never>) in
      do throws(DedicatedThread.Failure) {
        let thread = try DedicatedThread.start {
          continuation.resume(
            returning: Result { () throws(ConfigurationError) in
              try runBlocking(command, environment, until: .now + deadline, source)
            })
        }
        pthread_detach(thread)
      } catch {
        continuation.resume(returning: .failure(ConfigurationError(source, "cannot be run: \(error.message)")))
      }
    }
    return try result.get()
  }

  /// Why it did not succeed, with the end of what it said about it.
  var failure: String {
    let said = String(decoding: standardError.suffix(512), as: UTF8.self)
      .split { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 } }.joined(separator: " ")
    let how = status < 0 ? "was ended by signal \(-status)" : "failed with exit code \(status)"
    return said.isEmpty ? how : "\(how): \(said)"
  }

  /// Held from making pipes to the start of the program, so that no other program inherits a pipe meanwhile: its end
  /// would then never be seen.
  private static let spawning = Mutex(())

  private struct Running {
    let output: Pipe
    let errors: Pipe
    let child: pid_t

    init(_ command: [String], _ environment: [String: String]) throws(SpawnError) {
      output = try Pipe()
      errors = try Pipe()
      child = try spawn(command, environment, output: output.writeEnd, errors: errors.writeEnd)
      output.closeWriteEnd()
      errors.closeWriteEnd()
    }
  }

  private static func runBlocking(
    _ command: [String], _ environment: [String: String], until deadline: ContinuousClock.Instant, _ source: String
  ) throws(ConfigurationError) -> Subprocess {
    let start = spawning.withLock { _ in Result { () throws(SpawnError) in try Running(command, environment) } }
    let running: Running
    do throws(SpawnError) {
      running = try start.get()
    } catch {
      throw ConfigurationError(source, "cannot be run: \(error.message)")
    }
    let child = running.child
    var process = Subprocess()
    let isInTime =
      process.collect(running.output.readEnd, running.errors.readEnd, until: deadline)
      && process.reap(child, until: deadline)
    guard isInTime else {
      kill(-child, SIGKILL)
      waitpid(child, nil, 0)
      throw ConfigurationError(source, "was killed because it did not end in time, or printed more than 1 MiB")
    }
    return process
  }

  /// Reads both pipes to their ends. Returns false at the deadline or above the bound.
  private mutating func collect(_ output: Int32, _ errors: Int32, until deadline: ContinuousClock.Instant) -> Bool {
    var polled = [output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var chunk = [UInt8](repeating: 0, count: 16384)
    while polled.contains(where: { $0.fd >= 0 }) {
      let left = deadline - .now
      guard left > .zero else { return false }
      poll(&polled, nfds_t(polled.count), Int32(left.wholeMilliseconds))
      for index in polled.indices where polled[index].fd >= 0 && polled[index].revents != 0 {
        let count = read(polled[index].fd, &chunk, chunk.count)
        if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
        guard count > 0 else {
          polled[index].fd = -1
          continue
        }
        if index == 0 { standardOutput += chunk[..<count] } else { standardError += chunk[..<count] }
        guard standardOutput.count + standardError.count <= Self.maximumOutput else { return false }
      }
    }
    return true
  }

  /// Waits for the exit. It follows the end of the output at once, unless the program closed that early.
  private mutating func reap(_ child: pid_t, until deadline: ContinuousClock.Instant) -> Bool {
    var code: Int32 = 0
    while true {
      let reaped = waitpid(child, &code, WNOHANG)
      if reaped == child { break }
      if reaped < 0 && errno != EINTR {
        status = 0  // Somebody ignores SIGCHLD, so the code is lost; the output decides.
        return true
      }
      guard ContinuousClock.now < deadline else { return false }
      poll(nil, 0, 5)
    }
    status = code & 0x7F == 0 ? (code >> 8) & 0xFF : -(code & 0x7F)
    return true
  }
}
