import Glibc

/// Writes events as lines. Passed to whoever has something to say; there is no global one.
package struct Logger: Sendable {
  package let format: LogFormat
  /// The highest level of `info` events that is shown: the `-v` flag.
  package let verbosity: Int
  private let sink: any LogSink
  private let processID: Int32
  private let now: @Sendable () -> LogTime

  /// `processID` is shown by the text format; `now` is the clock, which tests stop.
  package init(
    format: LogFormat = .text, verbosity: Int = 0, sink: any LogSink, processID: Int32 = getpid(),
    now: @escaping @Sendable () -> LogTime = LogTime.now
  ) {
    self.format = format
    self.verbosity = verbosity
    self.sink = sink
    self.processID = processID
    self.now = now
  }

  /// The logger of a process: to standard error, from a thread of its own.
  package static func standardError(format: LogFormat = .text, verbosity: Int = 0) -> Logger {
    tzset()
    let sink = LogWriter(descriptor: STDERR_FILENO) { lost in
      LogEvent(
        .warning, time: .now(), processID: getpid(), file: #fileID, line: #line,
        message: "log lines lost, since standard error was read too slowly", fields: [("count", "\(lost)")]
      ).line(in: format)
    }
    return Logger(format: format, verbosity: verbosity, sink: sink)
  }

  /// Whether `info` events of this level are shown: asked before a costly preparation.
  package func enabled(v level: Int) -> Bool { level <= verbosity }

  /// Of the levels, 0 is always shown, 2 is for each request, 4 and above for debugging.
  package func info(
    _ message: @autoclosure () -> String, v level: Int = 0,
    _ fields: @autoclosure () -> KeyValuePairs<String, String> = [:], file: StaticString = #fileID, line: UInt = #line
  ) {
    guard enabled(v: level) else { return }
    log(.info, level: level, message(), fields(), file, line)
  }

  package func warning(
    _ message: @autoclosure () -> String, _ fields: @autoclosure () -> KeyValuePairs<String, String> = [:],
    file: StaticString = #fileID, line: UInt = #line
  ) {
    log(.warning, level: 0, message(), fields(), file, line)
  }

  package func error(
    _ message: @autoclosure () -> String, _ fields: @autoclosure () -> KeyValuePairs<String, String> = [:],
    file: StaticString = #fileID, line: UInt = #line
  ) {
    log(.error, level: 0, message(), fields(), file, line)
  }

  /// For the last line of a process, which its caller then ends: returns when the line is out.
  package func fatal(
    _ message: @autoclosure () -> String, _ fields: @autoclosure () -> KeyValuePairs<String, String> = [:],
    file: StaticString = #fileID, line: UInt = #line
  ) {
    log(.fatal, level: 0, message(), fields(), file, line)
    flush()
  }

  /// Before the process exits: waits for the lines so far, a bounded time.
  package func flush() { sink.flush() }

  private func log(
    _ severity: Severity, level: Int, _ message: String, _ fields: KeyValuePairs<String, String>, _ file: StaticString,
    _ line: UInt
  ) {
    let event = LogEvent(
      severity, level: level, time: now(), processID: processID, file: file.description, line: line, message: message,
      fields: fields.map { ($0.key, $0.value) })
    sink.write(event.line(in: format))
  }
}
