import Options

/// How the server starts and ends.
struct LifecycleOptions: Sendable {
  /// How many event loops are taken unless it is told.
  static let workersAtMost = 8

  /// Event loops; 0 takes one for each processor that the container may keep busy.
  var workers: Int
  var shutdownDelay: Duration
  var shutdownTimeout: Duration

  static func declare(_ flags: inout FlagSet) -> (ParsedFlags) -> LifecycleOptions {
    let workers = flags.integer(
      "workers", default: 0, in: 0...256,
      "Event loops; 0 takes one for each processor that the container may keep busy, \(workersAtMost) at most.")
    let delay = flags.duration(
      "shutdown-delay-duration", default: .zero, in: .zero ... .seconds(600),
      "How long to go on serving after a signal to end, while /readyz already fails.")
    let timeout = flags.duration(
      "shutdown-timeout", default: .seconds(20), in: .zero ... .seconds(600),
      "How long requests under way may take to end after that.")
    return { parsed in
      LifecycleOptions(
        workers: parsed[workers], shutdownDelay: parsed[delay], shutdownTimeout: parsed[timeout])
    }
  }
}
