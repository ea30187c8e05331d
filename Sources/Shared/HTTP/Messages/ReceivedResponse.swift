/// An answer as a backend gave it, whole.
package struct ReceivedResponse: Sendable {
  /// 200 to 599.
  package var status: Int
  package var headers: HeaderBlock
  package var body: [UInt8]

  package init(status: Int, headers: HeaderBlock, body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
