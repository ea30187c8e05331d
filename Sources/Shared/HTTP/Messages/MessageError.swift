/// What in an HTTP message breaks RFC 9112 or 9113, or a bound of ours. An HTTP/1.1 connection it came on is of no further use;
/// of an HTTP/2 connection it ends one stream.
package enum MessageError: Error, Sendable, Equatable, CustomStringConvertible {
  case headTooLarge(limit: Int)
  case malformedRequestLine
  case malformedStatusLine
  case unsupportedVersion
  case bareLineFeed
  case foldedField
  case malformedField
  case missingHost
  case conflictingLength
  case unsupportedTransferEncoding
  case malformedChunk
  case bodyTooLarge(limit: Int)
  /// No fault of this message: with it, those that are on their way would take more than they may together.
  case answersTooLarge(limit: Int)
  /// An answer that says in no way where it ends, so that a truncated one could not be told from a whole one.
  case unframedBody
  /// 101, or another 1xx that nobody asked for.
  case unexpectedInformational(Int)

  package var description: String {
    switch self {
    case .headTooLarge(let limit): "header fields larger than \(limit) bytes"
    case .malformedRequestLine: "malformed request line"
    case .malformedStatusLine: "malformed status line"
    case .unsupportedVersion: "unsupported HTTP version"
    case .bareLineFeed: "line not ended by CR LF"
    case .foldedField: "obsolete line folding in a header field"
    case .malformedField: "malformed header field"
    case .missingHost: "not exactly one Host header field"
    case .conflictingLength: "conflicting message length"
    case .unsupportedTransferEncoding: "unsupported transfer encoding"
    case .malformedChunk: "malformed chunk"
    case .bodyTooLarge(let limit): "body larger than \(limit) bytes"
    case .answersTooLarge(let limit): "answers larger than \(limit) bytes together"
    case .unframedBody: "neither Content-Length nor chunked"
    case .unexpectedInformational(let status): "unexpected informational status \(status)"
    }
  }
}
