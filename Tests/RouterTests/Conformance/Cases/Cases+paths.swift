private typealias Answer = ConformanceCase.Answer

private let goPath = "Go `net/url`; `pkg/server/handler.go` `director`"
private let readTwice = "two readers could understand it differently: who authorizes and who answers"

private let ofThatName = Answer.described(
  200, "application/json", "the metric of an object of that name, if there is one")

private func allowed(_ fact: String, _ target: String, forwards path: String? = nil) -> ConformanceCase {
  .same(fact, .get(target), .json(Values.v1beta2), goPath).forwards("GET " + (path ?? target))
}

private func refused(
  _ fact: String, _ request: ConformanceCase.Request, _ message: String, theirs: Answer = ofThatName
) -> ConformanceCase {
  .differs(fact, request, .badRequest(message), theirs: theirs, goPath, because: readTwice).asks().forwards()
}

/// On a connection of its own, since no client sends such a path.
private func raw(_ target: String) -> ConformanceCase.Request {
  .raw("GET \(target) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer good\r\nConnection: close\r\n\r\n")
}

private func refusedRaw(_ fact: String, _ target: String, _ message: String, theirs: Answer) -> ConformanceCase {
  .differs(
    fact, raw(target), .badRequest(message).with(.close), theirs: theirs.with(.close), goPath, because: readTwice
  ).asks().forwards()
}

private let badByte = #"the path has an encoded \"/\", a backslash or a control character at byte 56"#
private let pods = Target.custom + "/namespaces/ns/pods"

extension ConformanceSection {
  static let paths = ConformanceSection(
    title: "Paths",
    introduction: """
      A path is decoded once. What is authorized, looked up and forwarded is what was read then, encoded anew.
      """,
    cases: [
      allowed("Names may hold more than letters", pods + "/*/a:b|C~d@e", forwards: pods + "/*/a:b%7CC~d@e"),
      allowed("… encoded or not", pods + "/*/a%3Ab%7CC%7Ed%40e", forwards: pods + "/*/a:b%7CC~d@e"),
      allowed(
        "… as may the version's letters", "/apis/custom.metrics.k8s.io/v%31beta2/namespaces/ns/pods/*/foo",
        forwards: Target.foo),
      allowed("Case counts, and spaces are kept", pods + "/A%20b/foo"),
      refused(
        "An encoded slash", .get(pods + "/a%2Fb/foo"),
        badByte, theirs: .notFound),
      refused(
        "A backslash", .get(pods + "/a%5Cb/foo"),
        badByte),
      refused(
        "A NUL", .get(pods + "/a%00/foo"),
        badByte),
      refused(
        "A line feed", .get(pods + "/a%0Ab/foo"),
        badByte),
      refused("What is no UTF-8", .get(pods + "/a%ff/foo"), "the path is not UTF-8"),
      refused(
        "A broken escape", .get(pods + "/a%zz/foo"), "the path has an invalid percent-escape at byte 56",
        theirs: .goError(400, "400 Bad Request")),
      refused(
        "An empty segment", .get(Target.custom + "/namespaces//pods/a/foo"), "the path has an empty segment",
        theirs: .described(200, "application/json", "the metric of the pod in no namespace")),
      refused(
        "A slash at a metric's end", .get(Target.foo + "/"), "the path has an empty segment",
        theirs: .json(Values.v1beta2)),
      refusedRaw(
        "A segment that is a dot", pods + "/./foo", #"the path has a segment \".\" or \"..\""#,
        theirs: ofThatName),
      refusedRaw(
        "… or two", pods + "/a/../../pods/a/foo", #"the path has a segment \".\" or \"..\""#, theirs: .notFound),
      refusedRaw(
        "… encoded", Target.custom + "/nodes/%2e%2e/foo", #"the path has a segment \".\" or \"..\""#,
        theirs: ofThatName),
    ])
}
