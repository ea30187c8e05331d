/// How grave an event is, in the four steps of klog.
package enum Severity: String, Sendable, CaseIterable {
  case info
  case warning
  case error
  /// The process cannot go on. Logging it does not end the process; its caller does.
  case fatal

  /// The first byte of a klog line.
  var letter: UInt8 {
    switch self {
    case .info: UInt8(ascii: "I")
    case .warning: UInt8(ascii: "W")
    case .error: UInt8(ascii: "E")
    case .fatal: UInt8(ascii: "F")
    }
  }
}
