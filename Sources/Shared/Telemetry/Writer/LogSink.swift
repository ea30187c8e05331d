/// Where lines go.
package protocol LogSink: Sendable {
  /// Takes one line, its newline included. Never waits for whoever reads the log.
  func write(_ line: [UInt8])
  /// Waits until the lines taken so far are out, or until it would take too long.
  func flush()
}
