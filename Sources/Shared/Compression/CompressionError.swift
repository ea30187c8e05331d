/// Why bytes were not compressed; the caller then sends them as they are.
package enum CompressionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// zlib has levels 0 (stored) to 9 (smallest).
  case invalidLevel(Int)
  /// More bytes than zlib counts in one call: 4 GiB.
  case tooLong(count: Int)
  /// What zlib said: there is no memory, or its header and its library are of different versions.
  case zlib(code: Int32)

  package var description: String {
    switch self {
    case .invalidLevel(let level): "gzip has no level \(level), only 0 to 9"
    case .tooLong(let count): "\(count) bytes are too many to compress at once"
    case .zlib(let code): "zlib failed with code \(code)"
    }
  }
}
