extension LogEvent {
  /// `{"ts":1624518739155.079,"caller":"Routing/Table.swift:70","v":2,"msg":"…","key":"value"}`: `ts` in milliseconds
  /// since 1970 (Kubernetes `component-base/logs/json`). `v` belongs to `info`; graver events carry `severity` in its
  /// place, since their gravity would be lost otherwise.
  func jsonLine() -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(96 + message.utf8.count + fields.count * 32)
    line.append(contentsOf: #"{"ts":"#.utf8)
    line.append(decimal: time.seconds * 1_000 + time.nanoseconds / 1_000_000, width: 1)
    line.append(UInt8(ascii: "."))
    line.append(decimal: time.nanoseconds / 1_000 % 1_000, width: 3)
    line.append(contentsOf: #","caller":"#.utf8)
    line.append(escaping: "\(file):\(self.line)", upTo: Self.fieldLimit, as: .quoted)
    if severity == .info {
      line.append(contentsOf: #","v":"#.utf8)
      line.append(decimal: level, width: 1)
    } else {
      line.append(contentsOf: #","severity":"#.utf8)
      line.append(escaping: severity.rawValue, upTo: Self.fieldLimit, as: .quoted)
    }
    line.append(contentsOf: #","msg":"#.utf8)
    line.append(escaping: message, upTo: Self.messageLimit, as: .quoted)
    for (key, value) in fields {
      line.append(UInt8(ascii: ","))
      line.append(escaping: key, upTo: Self.fieldLimit, as: .quoted)
      line.append(UInt8(ascii: ":"))
      line.append(escaping: value, upTo: Self.fieldLimit, as: .quoted)
    }
    line.append(contentsOf: "}\n".utf8)
    return line
  }
}
