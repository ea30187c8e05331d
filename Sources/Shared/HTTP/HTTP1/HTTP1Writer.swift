/// Renders heads into a buffer that a connection keeps from message to message.
enum HTTP1Writer {
  /// Replaces `output` by a whole answer. `date` is an IMF-fixdate; without `includesBody` (for HEAD) the length is
  /// still told.
  static func render(
    _ response: Response, date: [UInt8], keepsAlive: Bool, includesBody: Bool, into output: inout [UInt8]
  ) {
    output.removeAll(keepingCapacity: true)
    append("HTTP/1.1 ", to: &output)
    append(decimal: response.status, to: &output)
    output.append(0x20)
    append(reasonPhrase(response.status), to: &output)
    append("\r\nContent-Type: ", to: &output)
    output.append(contentsOf: response.contentType.utf8)
    append("\r\nCache-Control: no-cache, private\r\nDate: ", to: &output)
    output.append(contentsOf: date)
    for field in response.fields {
      append("\r\n", to: &output)
      output.append(contentsOf: field.name.utf8)
      append(": ", to: &output)
      output.append(contentsOf: field.value.utf8)
    }
    if !keepsAlive { append("\r\nConnection: close", to: &output) }
    append("\r\nContent-Length: ", to: &output)
    append(decimal: response.body.count, to: &output)
    append("\r\n\r\n", to: &output)
    if includesBody { output.append(contentsOf: response.body) }
  }

  static func append(_ text: StaticString, to output: inout [UInt8]) {
    output.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  static func append(decimal value: Int, to output: inout [UInt8]) {
    if value >= 10 { append(decimal: value / 10, to: &output) }
    output.append(UInt8(0x30 + value % 10))
  }
}
