/// The head of a request, its target not yet decoded.
package struct RequestHead: Sendable {
  package enum Method: Sendable, Equatable {
    case get
    case head
    case options
    case other(String)
  }

  package var method: Method
  package var headers: HeaderBlock
  /// Of the path in `headers.bytes`: it begins with `/`, percent-encoded as it came.
  var pathRange: Range<Int>
  /// Of what follows `?`; empty where there is none.
  var queryRange: Range<Int>
  /// Whether the caller lets the connection live on after the answer.
  package var keepsAlive: Bool
  /// Whether a body follows the head.
  package var hasBody: Bool

  package var path: ArraySlice<UInt8> { headers.bytes[pathRange] }
  package var query: ArraySlice<UInt8> { headers.bytes[queryRange] }
}
