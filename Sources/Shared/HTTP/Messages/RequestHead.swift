/// The head of a request, its target not yet decoded.
package struct RequestHead: Sendable {
  package enum Method: Sendable, Equatable {
    case get
    case head
    case options
    case other(String)

    init(_ name: some Collection<UInt8>) {
      switch name.count {
      case 3 where name.elementsEqual("GET".utf8): self = .get
      case 4 where name.elementsEqual("HEAD".utf8): self = .head
      case 7 where name.elementsEqual("OPTIONS".utf8): self = .options
      default: self = .other(String(decoding: name, as: UTF8.self))
      }
    }

    /// As it was sent: `GET`.
    package var name: String {
      switch self {
      case .get: "GET"
      case .head: "HEAD"
      case .options: "OPTIONS"
      case .other(let name): name
      }
    }
  }

  /// As a log names it.
  package enum Version: String, Sendable {
    case http1 = "HTTP/1.1"
    case http2 = "HTTP/2"
  }

  package var method: Method
  package var version: Version
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
  /// Path and query, with the `?` between them.
  package var target: ArraySlice<UInt8> { headers.bytes[pathRange.lowerBound..<queryRange.upperBound] }
}
