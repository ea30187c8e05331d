extension LogEvent {
  /// `I0624 07:12:19.155079       1 registry.go:201] message key="value"`: severity, local month and day, time to the
  /// microsecond, process id in seven columns, file and line (klog `internal/severity`, `buffer.FormatHeader`).
  func textLine() -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(64 + message.utf8.count + fields.count * 32)
    appendTextHeader(to: &line)
    line.append(escaping: message, upTo: Self.messageLimit, as: .bare)
    for (key, value) in fields {
      line.append(UInt8(ascii: " "))
      line.append(escaping: key, upTo: Self.fieldLimit, as: .bare)
      line.append(UInt8(ascii: "="))
      line.append(escaping: value, upTo: Self.fieldLimit, as: .quoted)
    }
    line.append(UInt8(ascii: "\n"))
    return line
  }

  private func appendTextHeader(to line: inout [UInt8]) {
    let calendar = time.calendar
    line.append(severity.letter)
    line.append(decimal: calendar.month, width: 2)
    line.append(decimal: calendar.day, width: 2)
    line.append(UInt8(ascii: " "))
    line.append(decimal: calendar.hour, width: 2)
    line.append(UInt8(ascii: ":"))
    line.append(decimal: calendar.minute, width: 2)
    line.append(UInt8(ascii: ":"))
    line.append(decimal: calendar.second, width: 2)
    line.append(UInt8(ascii: "."))
    line.append(decimal: time.nanoseconds / 1_000, width: 6)
    line.append(UInt8(ascii: " "))
    line.append(decimal: Int(processID), width: 7, padding: UInt8(ascii: " "))
    line.append(UInt8(ascii: " "))
    line.append(contentsOf: baseName)
    line.append(UInt8(ascii: ":"))
    line.append(decimal: Int(self.line), width: 1)
    line.append(contentsOf: [UInt8(ascii: "]"), UInt8(ascii: " ")])
  }

  private var baseName: Substring.UTF8View {
    let path = file.utf8
    let start = path.lastIndex(of: UInt8(ascii: "/")).map { path.index(after: $0) } ?? path.startIndex
    return file[start...].utf8
  }
}
