/// The status line and headers of an answer, without interim (1xx) ones.
package struct CurlResponseHead: Sendable, Equatable {
  package var status: Int
  /// In order of arrival, names as the server spelled them.
  package var headers: [CurlRequest.Header]

  /// The value of the first header of that name, whatever its case.
  package subscript(_ name: String) -> String? {
    let wanted = name.lowercased()
    return headers.first { $0.name.lowercased() == wanted }?.value
  }

  /// `Retry-After` where it is a number of seconds (RFC 9110, section 10.2.3); its date form is not used by API servers.
  package var retryAfterSeconds: Int? {
    self["retry-after"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
  }
}

package struct CurlResponse: Sendable, Equatable {
  package var head: CurlResponseHead
  package var body: [UInt8]

  package var status: Int { head.status }
}

/// An answer whose body is still arriving.
package struct CurlStream: Sendable {
  package var head: CurlResponseHead
  /// Pieces as they arrive. Ends cleanly where the server ended the body, else throws ``TransportError``.
  /// Cancelling the task that reads it, or dropping it, ends the exchange.
  package var body: AsyncThrowingStream<[UInt8], any Error>
}
