private typealias Answer = ConformanceCase.Answer

private let netHTTP = "Go `net/http` `server.go`"
private let healthy = Answer.text(200, "ok", .nosniff)
private let smuggling = "what a proxy in between reads otherwise smuggles a request (RFC 9112 §11.2)"

/// A request for health, with these lines behind the first.
private func lines(_ lines: String..., end: String = "\r\n", body: String = "") -> ConformanceCase.Request {
  .raw((["GET /livez HTTP/1.1"] + lines).map { $0 + end }.joined() + end + body)
}

private func refused(
  _ fact: String, _ request: ConformanceCase.Request, _ status: Int, _ message: String, theirs: Answer,
  because reason: String = smuggling
) -> ConformanceCase {
  .differs(fact, request, .connectionError(status, message + "\n"), theirs: theirs, netHTTP, because: reason)
}

private func theirError(_ text: String = "400 Bad Request") -> Answer { .goError(Int(text.prefix(3)) ?? 0, text) }

private let words = "our words"

extension ConformanceSection {
  static let http = ConformanceSection(
    title: "HTTP/1.1",
    introduction: """
      What is no request by the letter of RFC 9112 is refused by the HTTP layer, in text, and the connection ended. Go is more
      lenient in places; what it answers was seen on the wire of a kube-apiserver built by Go 1.19.
      """,
    cases: [
      refused(
        "Both a length and chunks",
        lines("Host: a", "Content-Length: 3", "Transfer-Encoding: chunked", body: "0\r\n\r\n"), 400,
        "400 Bad Request: conflicting message length", theirs: healthy),
      refused(
        "Two lengths", lines("Host: a", "Content-Length: 3", "Content-Length: 4", body: "abc"), 400,
        "400 Bad Request: conflicting message length", theirs: theirError(), because: words),
      refused(
        "… that say the same", lines("Host: a", "Content-Length: 0", "Content-Length: 0"), 400,
        "400 Bad Request: conflicting message length", theirs: healthy),
      refused(
        "A length that is no number", lines("Host: a", "Content-Length: +3", body: "abc"), 400,
        "400 Bad Request: conflicting message length", theirs: theirError(), because: words),
      refused(
        "Another transfer coding", lines("Host: a", "Transfer-Encoding: gzip"), 501,
        "501 Not Implemented: unsupported transfer encoding",
        theirs: .goError(501, "Unsupported transfer encoding"), because: words),
      refused(
        "A folded field", lines("Host: a", "X-A: b", " c"), 400,
        "400 Bad Request: obsolete line folding in a header field", theirs: healthy),
      refused(
        "Lines that end in a line feed alone", lines("Host: a", end: "\n"), 400,
        "400 Bad Request: line not ended by CR LF", theirs: healthy),
      refused(
        "A carriage return within a line", lines("Host: a", "X-A: b\rc"), 400,
        "400 Bad Request: malformed header field",
        theirs: theirError("400 Bad Request: invalid header value"), because: words),
      refused(
        "A space before the colon", lines("Host: a", "X-A : b"), 400, "400 Bad Request: malformed header field",
        theirs: theirError("400 Bad Request: invalid header name"), because: words),
      refused(
        "No Host", lines(), 400, "400 Bad Request: not exactly one Host header field",
        theirs: theirError("400 Bad Request: missing required Host header"), because: words),
      refused(
        "Two Hosts", lines("Host: a", "Host: a"), 400, "400 Bad Request: not exactly one Host header field",
        theirs: theirError(), because: words),
      refused(
        "A space in the target", .raw("GET /livez x HTTP/1.1\r\nHost: a\r\n\r\n"), 505,
        "505 HTTP Version Not Supported: unsupported HTTP version", theirs: theirError(), because: words),
      refused(
        "Another version", .raw("GET /livez HTTP/3.0\r\nHost: a\r\n\r\n"), 505,
        "505 HTTP Version Not Supported: unsupported HTTP version",
        theirs: theirError("505 HTTP Version Not Supported: unsupported protocol version"), because: words),
      refused(
        "What is meant for a proxy", .raw("GET https://a/livez HTTP/1.1\r\nHost: a\r\n\r\n"), 400,
        "400 Bad Request: malformed request line", theirs: healthy, because: "this is none"),
      refused(
        "A tunnel", .raw("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"), 400, "400 Bad Request: malformed request line",
        theirs: .paths, because: "this is no proxy"),
      .same(
        "Another protocol is not taken up",
        .raw("GET /livez HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade, close\r\n\r\n"),
        healthy.with(.close), netHTTP),
      .same("The caller may end the connection", lines("Host: a", "Connection: close"), healthy.with(.close), netHTTP),
      .differs(
        "A caller of HTTP/1.0 is answered", .raw("GET /livez HTTP/1.0\r\n\r\n"), healthy.with(.close), theirs: healthy,
        netHTTP,
        because: "that the connection ends is said, not implied"),
    ])
}
