private typealias Answer = ConformanceCase.Answer

/// An adapter has no source behind it.
private let noneBehind = "an adapter answers for itself"

private func passed(_ status: Int, _ fields: ConformanceCase.Field...) -> ConformanceCase {
  let message = "said by the adapter"
  let body =
    #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"\#(message)","code":\#(status)}"#
  var answer = Answer.json(body, status: status)
  answer.fields = fields
  return .same(
    "Its \(status) and its words reach the caller", .get(Target.foo), answer, "what the adapter answers itself"
  )
  .when(
    .backend(
      .init(status: status, body: body + "\n", fields: [("Set-Cookie", "a=b"), ("Server", "x"), ("Retry-After", "7")])))
}

private func refused(_ fact: String, _ script: BackendResponder.Script, _ message: String) -> ConformanceCase {
  .own(fact, .get(Target.foo), .badGateway(message), because: noneBehind).when(.backend(script))
}

private func broken(_ fact: String, _ bytes: String, _ answer: Answer) -> ConformanceCase {
  .own(fact, .get(Target.foo), answer, because: noneBehind).when(.says(bytes))
}

private func said(_ status: String, _ fields: String..., body: String = Values.empty) -> String {
  "HTTP/1.1 \(status)\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n" + body
}

private let json = "Content-Type: application/json"
private let length = "Content-Length: \(Values.empty.utf8.count)"

extension ConformanceSection {
  static let sources = ConformanceSection(
    title: "What sources answer, and fail to",
    introduction: """
      Their own failures reach the caller as they are. No failure becomes 200, an empty list or 0; no redirect is followed or
      passed on; of their fields only `Content-Type` and `Retry-After` are.
      """,
    cases: [
      passed(400, .init("Retry-After", "7")), passed(403, .init("Retry-After", "7")),
      passed(404, .init("Retry-After", "7")),
      passed(429, .init("Retry-After", "7")), passed(500, .init("Retry-After", "7")),
      passed(503, .init("Retry-After", "7")),
      .same(
        "Text stays text", .get(Target.foo), .text(500, "oops\n"), "what the adapter answers itself"
      ).when(.backend(.init(status: 500, contentType: "text/plain; charset=utf-8", body: "oops\n"))),
      .same(
        "What is JSON is told by its name alone", .get(Target.foo), .json(Values.empty),
        "what the adapter answers itself"
      ).when(.backend(.init(contentType: "application/json; charset=utf-8", body: Values.empty + "\n"))),
      refused(
        "It does not know the router", .init(status: 401, body: "{}"),
        " does not accept the router's credentials (401 Unauthorized)"),
      refused(
        "It redirects", .init(status: 302, body: "", fields: [("Location", "https://elsewhere/")]),
        " answered with unexpected status 302"),
      refused("It has made something", .init(status: 201), " answered with unexpected status 201"),
      refused("It has nothing to say", .init(status: 204, body: ""), " answered with unexpected status 204"),
      refused("It has not changed", .init(status: 304, body: ""), " answered with unexpected status 304"),
      refused(
        "It shows a page", .init(contentType: "text/html", body: "<html>"), " answered 200 with a body that is not JSON"
      ),
      refused(
        "It speaks protobuf that was not asked for",
        .init(contentType: "application/vnd.kubernetes.protobuf", body: "k8s"),
        " answered 200 with a body that is not JSON"),
      refused("It says nothing", .init(body: ""), " answered 200 with a body that is not a JSON object"),
      refused("It says null", .init(body: "null"), " answered 200 with a body that is not a JSON object"),
      refused(
        "It stops half-way", .init(body: #"{"kind":"MetricValueList","items":["#),
        " answered 200 with a body that is not a JSON object"),
      refused(
        "It compresses unasked", .init(body: "x", fields: [("Content-Encoding", "gzip")]),
        " answered in a content coding that it was not asked for"),
      .own(
        "Its list cannot be translated", .get(Target.foo),
        .badGateway(
          #": its answer cannot be translated to v1beta2: the backend's answer is not JSON (at byte 1)"#),
        because: noneBehind
      ).when(.speaks("v1beta1", .init(body: "{x}"))),
      broken(
        "Its connection ends before its body does", said("200 OK", json, "Content-Length: 1000"),
        .unavailable(": connection closed in the middle of the answer")),
      broken(
        "Its body has no end", said("200 OK", json),
        .badGateway(": malformed answer: neither Content-Length nor chunked")),
      broken(
        "Its body has two lengths", said("200 OK", json, length, "Content-Length: 5"),
        .badGateway(": malformed answer: conflicting message length")),
      broken(
        "… and chunks besides", said("200 OK", json, length, "Transfer-Encoding: chunked"),
        .badGateway(": malformed answer: conflicting message length")),
      broken(
        "It folds its fields", said("200 OK", json, " charset=utf-8", length),
        .badGateway(": malformed answer: obsolete line folding in a header field")),
      broken(
        "It ends its lines otherwise", "HTTP/1.1 200 OK\n\(json)\n\(length)\n\n\(Values.empty)",
        .badGateway(": malformed answer: line not ended by CR LF")),
      broken(
        "It speaks something else", "SSH-2.0-OpenSSH_9.2p1\r\n\r\n",
        .badGateway(": malformed answer: malformed status line")),
      broken(
        "It wants another protocol", said("101 Switching Protocols", "Upgrade: h2c", body: ""),
        .badGateway(": malformed answer: unexpected informational status 101")),
      broken(
        "It has hints first", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + said("200 OK", json, length),
        .indented(200, Values.empty)),
      broken("It says nothing and hangs up", "", .unavailable(": connection closed before the answer")),
      .own(
        "Nobody is there", .get(Target.foo), .unavailable(": connect to 127.0.0.1:1: Connection refused"),
        because: noneBehind
      ).when(.unreachable),
      .own(
        "It takes too long", .get(Target.foo),
        .failure(504, "Timeout", "metrics source adapter: deadline exceeded while waiting for the answer"),
        because: noneBehind
      ).when(.slow),
      .own(
        "Nothing of the caller's reaches it: it is the router that asks",
        .get(
          Target.foo, .init("Audit-Id", "a"), .init("Cookie", "a=b"), .init("Impersonate-User", "root"),
          .init("X-Remote-User", "root"), .init("X-Remote-Group", "system:masters"),
          .init("X-Forwarded-For", "10.0.0.1"),
          .init("User-Agent", "kubectl"), .init("Accept", "application/json"), .init("Range", "bytes=0-1")),
        .json(Values.v1beta2).with(.init("Audit-Id", "a")), because: noneBehind
      ).forwards(
        "GET \(Target.foo)\naccept: application/json\naudit-id: a\nauthorization: Bearer router-token\nuser-agent: router"
      ),
      ConformanceCase.own(
        "Over plain HTTP it is not shown the router's token", .get(Target.foo, .init("Audit-Id", "a")),
        .json(Values.v1beta2).with(.init("Audit-Id", "a")), because: noneBehind
      ).when(
        .says(said("200 OK", json, "Content-Length: \(Values.v1beta2.utf8.count + 1)", body: Values.v1beta2 + "\n"))
      )
      .forwards("GET \(Target.foo)\naccept: application/json\naudit-id: a\nuser-agent: router"),
    ])
}
