/// Cuts a body into lines, wherever its pieces were cut.
package struct JSONLineDecoder: Sendable {
  package struct LineTooLong: Error, Sendable, Equatable, CustomStringConvertible {
    package var limit: Int
    package var description: String { "a line of the watch is longer than \(limit) bytes" }
  }

  /// Of one line, in bytes; an object of an API server is at most about 3 MiB.
  package static let defaultLimit = 8 << 20

  private let limit: Int
  private var buffer: [UInt8] = []
  /// Where the next line begins.
  private var start = 0
  /// Up to where no line end was found.
  private var scanned = 0

  package init(limit: Int = defaultLimit) { self.limit = limit }

  package mutating func append(_ piece: [UInt8]) {
    if start > 0 {
      buffer.removeSubrange(..<start)
      scanned -= start
      start = 0
    }
    buffer += piece
  }

  /// The next line without its end; nil where more is needed. Empty lines are left out.
  package mutating func next() throws(LineTooLong) -> [UInt8]? {
    while let end = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = buffer[start..<end]
      start = end + 1
      scanned = start
      guard line.count <= limit else { throw LineTooLong(limit: limit) }
      if !line.isEmpty { return Array(line) }
    }
    scanned = buffer.count
    guard buffer.count - start <= limit else { throw LineTooLong(limit: limit) }
    return nil
  }

  /// Whether the body ended within a line.
  package var hasPartialLine: Bool { start < buffer.count }
}
