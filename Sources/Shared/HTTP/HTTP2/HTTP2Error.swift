internal import CNghttp2

/// What ends an HTTP/2 connection or one of its streams (RFC 9113 §5.4).
package struct HTTP2Error: Error, Sendable, Equatable, CustomStringConvertible {
  /// The codes of RFC 9113 §7 that are sent or told apart here; a peer may send others.
  package struct Code: RawRepresentable, Sendable, Equatable, CustomStringConvertible {
    package var rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let noError = Code(rawValue: NGHTTP2_NO_ERROR.rawValue)
    package static let protocolError = Code(rawValue: NGHTTP2_PROTOCOL_ERROR.rawValue)
    package static let refusedStream = Code(rawValue: NGHTTP2_REFUSED_STREAM.rawValue)
    package static let cancel = Code(rawValue: NGHTTP2_CANCEL.rawValue)
    package static let enhanceYourCalm = Code(rawValue: NGHTTP2_ENHANCE_YOUR_CALM.rawValue)

    /// As RFC 9113 §7 names it: `REFUSED_STREAM`.
    package var description: String { String(cString: nghttp2_http2_strerror(rawValue)) }
  }

  /// What was being done.
  package var operation: String
  package var message: String

  package init(_ operation: String, _ message: String) {
    self.operation = operation
    self.message = message
  }

  /// `code` is what an nghttp2 function returned, below zero.
  init(_ operation: String, code: Int) {
    self.init(operation, String(cString: nghttp2_strerror(Int32(clamping: code))))
  }

  package var description: String { "\(operation): \(message)" }
}
