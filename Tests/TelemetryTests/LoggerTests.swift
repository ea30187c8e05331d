import Synchronization
import Telemetry
import Testing

/// Keeps lines instead of writing them.
private final class LineRecorder: LogSink {
  private let taken = Mutex<[String]>([])

  var lines: [String] { taken.withLock { $0 } }

  func write(_ line: [UInt8]) { taken.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
  func flush() { taken.withLock { $0.append("flushed") } }
}

private func logger(_ sink: LineRecorder, format: LogFormat = .text, verbosity: Int = 0) -> Logger {
  Logger(format: format, verbosity: verbosity, sink: sink, processID: 42) {
    LogTime(seconds: 1_624_518_739, nanoseconds: 155_079_000)
  }
}

@Suite struct LoggerTests {
  @Test func `a line names the place that logged it`() {
    let recorder = LineRecorder()
    logger(recorder).info("ready", ["port": "6443"])
    let line: UInt = #line - 1
    #expect(
      recorder.lines == ["I0624 07:12:19.155079      42 LoggerTests.swift:\(line)] ready port=\"6443\"\n"])
  }

  @Test func `a level above the verbosity costs neither line nor text`() {
    let recorder = LineRecorder()
    var evaluations = 0
    func text() -> String {
      evaluations += 1
      return "x"
    }
    let log = logger(recorder, verbosity: 2)
    log.info(text(), v: 3, ["k": text()])
    #expect(evaluations == 0)
    #expect(recorder.lines.isEmpty)
    log.info(text(), v: 2, ["k": text()])
    #expect(evaluations == 2)
    #expect(recorder.lines.count == 1)
  }

  @Test func `enabled says what would be shown`() {
    let log = logger(LineRecorder(), verbosity: 2)
    #expect(log.enabled(v: 0) && log.enabled(v: 2) && !log.enabled(v: 3))
  }

  @Test func `warnings and errors are shown at any verbosity`() {
    let recorder = LineRecorder()
    let log = logger(recorder, verbosity: -1)
    log.info("hidden")
    log.warning("shown")
    log.error("shown")
    #expect(recorder.lines.map { String($0.prefix(1)) } == ["W", "E"])
  }

  @Test func `a fatal line is out when it returns`() {
    let recorder = LineRecorder()
    logger(recorder).fatal("over")
    #expect(recorder.lines.first?.hasPrefix("F0624 ") == true)
    #expect(recorder.lines.last == "flushed")
  }

  @Test func `the format is that of the logger`() {
    let recorder = LineRecorder()
    logger(recorder, format: .json).info("ready")
    #expect(
      recorder.lines.first?.hasPrefix(#"{"ts":1624518739155.079,"caller":"TelemetryTests/LoggerTests.swift:"#) == true)
  }
}
