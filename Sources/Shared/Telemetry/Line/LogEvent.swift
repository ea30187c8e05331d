/// One event, before it is a line. Formatting it is a pure function of its fields.
package struct LogEvent: Sendable {
  /// Longer messages are cut to this many bytes of UTF-8, the mark of the cut included.
  package static let messageLimit = 4_096
  /// Likewise for each key and each value.
  package static let fieldLimit = 256

  package var severity: Severity
  /// The level of an `info` event: 0 is always shown, higher ones are for those who ask.
  package var level: Int
  package var time: LogTime
  package var processID: Int32
  /// `Module/File.swift`, as `#fileID` gives it.
  package var file: String
  package var line: UInt
  package var message: String
  package var fields: [(key: String, value: String)]

  package init(
    _ severity: Severity, level: Int = 0, time: LogTime, processID: Int32, file: String, line: UInt, message: String,
    fields: [(key: String, value: String)] = []
  ) {
    self.severity = severity
    self.level = level
    self.time = time
    self.processID = processID
    self.file = file
    self.line = line
    self.message = message
    self.fields = fields
  }

  /// The event as one line, its newline included.
  package func line(in format: LogFormat) -> [UInt8] {
    switch format {
    case .text: textLine()
    case .json: jsonLine()
    }
  }
}
