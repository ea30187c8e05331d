import HTTP
import Testing

@testable import metrics_router_server

@Suite struct RequestIDTests {
  private func head(_ fields: String) throws -> HeaderBlock {
    var parser = HTTP1RequestParser()
    let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n".utf8)
    guard case .complete(let head, _) = try bytes.withUnsafeBytes({ try parser.parse($0) }) else {
      throw MessageError.malformedRequestLine
    }
    return head.headers
  }

  @Test func `the caller's Audit-Id is kept, cut at 64 bytes`() throws {
    var random = FastRandom()
    #expect(RequestID.of(try head("Audit-ID: abc-1\r\n"), from: &random) == "abc-1")
    let long = String(repeating: "x", count: 100)
    #expect(RequestID.of(try head("audit-id: \(long)\r\n"), from: &random) == String(repeating: "x", count: 64))
  }

  @Test(arguments: ["", "Audit-Id: \r\n", "Audit-Id: a b\r\n", "Audit-Id: \u{e9}\r\n"])
  func `what is no identifier is replaced by one of our own`(_ fields: String) throws {
    var random = FastRandom()
    let id = RequestID.of(try head(fields), from: &random)
    #expect(id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
  }

  @Test func `no two are alike`() {
    var (one, other) = (FastRandom(), FastRandom())
    let ids = (0..<1000).flatMap { _ in [RequestID.make(from: &one), RequestID.make(from: &other)] }
    #expect(Set(ids).count == 2000)
  }
}
