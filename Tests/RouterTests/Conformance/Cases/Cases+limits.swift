private typealias Answer = ConformanceCase.Answer

extension ConformanceSection {
  static let limits = ConformanceSection(
    title: "Limits",
    introduction: """
      `Retry-After` makes clients try again by themselves. The bounds themselves are flags.
      """,
    cases: [
      .differs(
        "More requests than may be under way", .get(Target.foo),
        .failure(
          429, "TooManyRequests", "too many requests, please try again later", details: #"{"retryAfterSeconds":1}"#,
          .init("Retry-After", "1")),
        theirs: .text(
          429, "Too many requests, please try again later.\n", .init("Retry-After", "1"), .nosniff),
        "`pkg/server/filters/priority-and-fairness.go` `tooManyRequests`",
        because: "clients show a `Status`' message to people"
      ).when(.full),
      .differs(
        "A path longer than any name", .get(Target.external + "/namespaces/ns/" + String(repeating: "a", count: 4096)),
        .failure(414, "RequestURITooLong", "the path is longer than 4096 bytes"),
        theirs: .described(404, "application/json", "what the adapter says of an unknown metric"),
        "Go `net/http` `DefaultMaxHeaderBytes`, 1 MiB", because: "decisions are remembered by their path"
      ).asks(),
      .differs(
        "Fields of more than 64 KiB",
        .raw("GET /livez HTTP/1.1\r\nHost: a\r\nX-A: \(String(repeating: "a", count: 66_000))\r\n\r\n"),
        .connectionError(431, "431 Request Header Fields Too Large: header fields larger than 65536 bytes\n"),
        theirs: Answer.text(200, "ok", .nosniff), "Go `net/http` `DefaultMaxHeaderBytes`, 1 MiB",
        because: "no client needs more, and each connection may hold as much"),
      .differs(
        "A body, which nobody reads here, ends the connection",
        .raw("GET /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"),
        Answer.text(200, "ok", .nosniff, .close),
        theirs: Answer.text(200, "ok", .nosniff), "Go `net/http`",
        because: "its bytes can never be taken for the next request"),
      .same(
        "The caller's `Audit-Id` comes back", .get("/livez", .init("Audit-Id", "b6f1c1a0-0000-4000-8000-000000000001")),
        Answer.text(200, "ok", .nosniff, .init("Audit-Id", "b6f1c1a0-0000-4000-8000-000000000001")),
        "`pkg/endpoints/filters/audit_init.go`"),
      .differs(
        "… its first 64 bytes", .get("/livez", .init("Audit-Id", String(repeating: "n", count: 65))),
        Answer.text(200, "ok", .nosniff, .init("Audit-Id", String(repeating: "n", count: 64))),
        theirs: Answer.text(200, "ok", .nosniff, .init("Audit-Id", String(repeating: "n", count: 65))),
        "`pkg/endpoints/filters/audit_init.go`", because: "it goes to the log and to the source as well"),
    ])
}
