import Testing

@testable import HTTP

/// Offers `text` to the parser in pieces of `step` bytes, as a socket would, and returns what it makes of it.
private func parse(_ text: String, step: Int = .max, limit: Int = 65536) throws -> (RequestHead, consumed: Int)? {
  var parser = HTTP1RequestParser(limit: limit)
  let bytes = Array(text.utf8)
  var offered = 0
  while offered < bytes.count {
    offered = min(bytes.count, step == .max ? bytes.count : offered + step)
    let result = try bytes.withUnsafeBytes { try parser.parse(UnsafeRawBufferPointer(rebasing: $0[..<offered])) }
    if case .complete(let head, let consumed) = result { return (head, consumed) }
  }
  return nil
}

private func string(_ bytes: ArraySlice<UInt8>?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

@Suite struct HTTP1RequestParserTests {
  private let request =
    "GET /apis/custom.metrics.k8s.io/v1beta1/namespaces/a/pods/%2A/foo?labelSelector=app%3Dx HTTP/1.1\r\n"
    + "Host: router\r\nX-Remote-User: u\r\nx-remote-group: a\r\nX-Remote-Group:b\r\nAccept:  */* \t\r\n\r\n"

  @Test(arguments: [1, 2, 3, 7, 64, Int.max]) func `a head is the same however it is cut`(_ step: Int) throws {
    let (head, consumed) = try #require(try parse(request + "GET", step: step))
    #expect(consumed == request.utf8.count)
    #expect(head.method == .get)
    #expect(string(head.path) == "/apis/custom.metrics.k8s.io/v1beta1/namespaces/a/pods/%2A/foo")
    #expect(string(head.query) == "labelSelector=app%3Dx")
    #expect(string(head.headers.first("accept")) == "*/*")
    #expect(head.headers.all("x-remote-group").map { string($0) } == ["a", "b"])
    #expect(
      head.headers.all(withPrefix: "x-remote-").map(\.name) == ["x-remote-user", "x-remote-group", "x-remote-group"])
    #expect(head.keepsAlive)
    #expect(!head.hasBody)
  }

  @Test func `a request without a query has an empty one`() throws {
    let (head, _) = try #require(try parse("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"))
    #expect(string(head.path) == "/healthz")
    #expect(head.query.isEmpty)
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false),
    ("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n", false),
    ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true),
    ("GET / HTTP/1.0\r\n\r\n", false),
    ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true),
  ])
  func `the connection lives on as its version and field say`(_ text: String, _ keepsAlive: Bool) throws {
    #expect(try #require(try parse(text)).0.keepsAlive == keepsAlive)
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\nHost: a\n\n", MessageError.bareLineFeed),
    ("GET / HTTP/1.1\r\nHost: a\n\r\n", .bareLineFeed),
    ("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", .malformedField),
    ("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n", .foldedField),
    ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .malformedField),
    ("GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", .malformedField),
    ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{0}\r\n\r\n", .malformedField),
    ("GET / HTTP/1.1\r\n\r\n", .missingHost),
    ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .missingHost),
    ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", .unsupportedVersion),
    ("GET / HTTP/1.2\r\nHost: a\r\n\r\n", .unsupportedVersion),
    ("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
    ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
    ("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", .unsupportedVersion),
    ("GET /#f HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
    ("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
    ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", .conflictingLength),
    ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", .conflictingLength),
    ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", .conflictingLength),
    ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n", .conflictingLength),
    ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .unsupportedTransferEncoding),
    ("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .unsupportedTransferEncoding),
  ])
  func `what two readers could understand differently is refused`(_ text: String, _ error: MessageError) {
    for step in [1, Int.max] { #expect(throws: error) { try parse(text, step: step) } }
  }

  @Test(arguments: ["Content-Length: 3", "Transfer-Encoding: chunked"])
  func `a body is announced`(_ field: String) throws {
    #expect(try #require(try parse("POST / HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n")).0.hasBody)
  }

  @Test func `a head above the limit is refused before it has ended`() {
    let text = "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 200)
    #expect(throws: MessageError.headTooLarge(limit: 128)) { try parse(text, step: 10, limit: 128) }
  }
}
