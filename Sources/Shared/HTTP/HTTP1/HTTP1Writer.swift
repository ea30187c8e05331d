/// Renders heads into a buffer that a connection keeps from message to message.
enum HTTP1Writer {
  /// Bodies up to this many bytes are put behind the head, so that one record carries both.
  private static let joinedBodyBytes = 16 * 1024
  /// What a head mostly takes at most, in bytes.
  private static let usualHeadBytes = 384

  /// Replaces `output` by an answer: its head, and its body where that is small or nobody wants it (for HEAD the length is
  /// still told). Returns whether the body is in it; otherwise the caller sends it next. `date` is an IMF-fixdate.
  static func render(
    _ response: Response, date: [UInt8], keepsAlive: Bool, includesBody: Bool, into output: inout [UInt8]
  ) -> Bool {
    output.removeAll(keepingCapacity: true)
    let isJoined = includesBody && response.body.count <= joinedBodyBytes
    output.reserveCapacity(usualHeadBytes + (isJoined ? response.body.count : 0))
    append("HTTP/1.1 ", to: &output)
    append(decimal: response.status, to: &output)
    output.append(0x20)
    append(reasonPhrase(response.status), to: &output)
    if let type = response.contentType {
      append("\r\nContent-Type: ", to: &output)
      output.append(contentsOf: type.utf8)
    }
    append("\r\nCache-Control: ", to: &output)
    output.append(contentsOf: response.cacheControl.utf8)
    append("\r\nDate: ", to: &output)
    output.append(contentsOf: date)
    for field in response.fields { append(field.name, field.value, to: &output) }
    if !keepsAlive { append("\r\nConnection: close", to: &output) }
    // RFC 9110 §8.6: on 304 it would be the length of what is not sent.
    if response.status != 304 {
      append("\r\nContent-Length: ", to: &output)
      append(decimal: response.body.count, to: &output)
    }
    append("\r\n\r\n", to: &output)
    guard includesBody else { return true }
    if isJoined { output.append(contentsOf: response.body) }
    return isJoined
  }

  /// Replaces `output` by a GET.
  static func render(_ request: ClientRequest, into output: inout [UInt8]) {
    output.removeAll(keepingCapacity: true)
    append("GET ", to: &output)
    output.append(contentsOf: request.target.utf8)
    append(" HTTP/1.1\r\nHost: ", to: &output)
    output.append(contentsOf: request.authority.utf8)
    for field in request.fields { append(field.name, field.value, to: &output) }
    append("\r\n\r\n", to: &output)
  }

  private static func append(_ name: String, _ value: String, to output: inout [UInt8]) {
    append("\r\n", to: &output)
    output.append(contentsOf: name.utf8)
    append(": ", to: &output)
    output.append(contentsOf: value.utf8)
  }

  static func append(_ text: StaticString, to output: inout [UInt8]) {
    output.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  static func append(decimal value: Int, to output: inout [UInt8]) {
    if value >= 10 { append(decimal: value / 10, to: &output) }
    output.append(UInt8(0x30 + value % 10))
  }
}
