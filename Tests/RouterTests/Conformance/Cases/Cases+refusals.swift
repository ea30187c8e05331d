private typealias Answer = ConformanceCase.Answer

private let decoding = "`pkg/endpoints/handlers/get.go`; apimachinery `pkg/labels/selector.go`"
private let serviceErrors = "`pkg/server/handler.go` `serviceErrorHandler`; apimachinery `pkg/api/errors/errors.go`"
private let allowReason = "RFC 9110 §15.5.6 demands `Allow`"

private func badSelector(_ fact: String, _ selector: String, _ message: String) -> ConformanceCase {
  .same(fact, .get(Target.queue + "?labelSelector=" + selector), .badRequest(message), decoding).forwards()
}

private func notAllowed(_ fact: String, _ method: String, _ target: String) -> ConformanceCase {
  let isHead = method == "HEAD"
  return .differs(
    fact, .call(method, target), isHead ? Answer.methodNotAllowed.withoutBody() : .methodNotAllowed,
    theirs: isHead ? Answer.theirMethodNotAllowed.withoutBody() : .theirMethodNotAllowed, serviceErrors,
    because: allowReason
  ).forwards()
}

extension ConformanceSection {
  static let refusals = ConformanceSection(
    title: "What is refused",
    introduction: """
      By the router itself; the message is what `kubectl` prints and what an event of a HorizontalPodAutoscaler repeats.
      """,
    cases: [
      .differs(
        "A custom metric that no source lists", .get(Target.custom + "/namespaces/ns/pods/*/bar"),
        .failure(404, "NotFound", "custom metric bar is not provided by any metrics backend", details: "{}"),
        theirs: .failure(404, "NotFound", "the server could not find the metric bar for pods"),
        "custom-metrics-apiserver `pkg/provider/errors.go`", because: "it tells that no adapter was asked"
      ).forwards(),
      .differs(
        "An external metric that no source lists", .get(Target.external + "/namespaces/ns/bar"),
        .failure(404, "NotFound", "external metric bar is not provided by any metrics backend", details: "{}"),
        theirs: .described(404, "application/json", "what the adapter says"),
        "custom-metrics-apiserver `pkg/registry/external_metrics/reststorage.go`",
        because: "it tells that no adapter was asked"
      ).forwards(),
      .own(
        "Before the first table no metric is known, which is not to say that there is none", .get(Target.foo),
        .failure(503, "ServiceUnavailable", "routing table not loaded"),
        because:
          "adapters answer 404; a HorizontalPodAutoscaler does the same with both, and a person can tell them apart"
      ).when(.noTable),
      .same(
        "A path below a version that names no metric", .get(Target.custom + "/a/b/c/d/e/f"), .notFound, serviceErrors),
      .differs(
        "… with a namespace and too little behind it", .get(Target.custom + "/namespaces/ns/foo"), .notFound,
        theirs: .badRequest("invalid request path"), handlerFile, because: "like every other path of nothing"),
      .same(
        "A version that there is not", .get("/apis/external.metrics.k8s.io/v1/namespaces/ns/foo"), .notFound,
        serviceErrors),
      .differs(
        "A path of nothing", .get("/nothing"), .notFound, theirs: .paths, "`pkg/server/routes/index.go`",
        because: "clients show a `Status`' message to people"),
      .differs(
        "… by any method", .call("POST", "/nothing"), .notFound, theirs: .paths, "`pkg/server/routes/index.go`",
        because: "clients show a `Status`' message to people"),
      .same(
        "… below a version too", .call("DELETE", Target.custom + "/a/b/c/d/e/f"), .notFound, serviceErrors),
      notAllowed("A metric is only read", "POST", Target.foo), notAllowed("…", "PUT", Target.foo),
      notAllowed("…", "PATCH", Target.foo), notAllowed("…", "DELETE", Target.foo),
      notAllowed("…", "OPTIONS", Target.foo),
      notAllowed("…", "HEAD", Target.foo), notAllowed("…", "TRACE", Target.foo),
      notAllowed("Discovery is only read", "POST", Target.external), notAllowed("…", "HEAD", Target.external),
      notAllowed("…", "OPTIONS", "/apis"), notAllowed("…", "HEAD", "/apis"), notAllowed("…", "DELETE", "/version"),
      badSelector(
        "A selector without an operator", "a+b",
        "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
      badSelector(
        "… without a value's end", "a+in+(b", "unable to parse requirement: found '', expected: ',' or ')'"),
      badSelector("… without a set", "a+in+b", "unable to parse requirement: found 'b' expected: '('"),
      badSelector("… with too much", "a%3Db+c", "found 'c', expected: ',' or 'end of string'"),
      badSelector("… with nothing behind a comma", "a%3Db,", "found '', expected: identifier after ','"),
      badSelector("… that begins with nothing", "%3D", "found '=', expected: !, identifier, or 'end of string'"),
      badSelector(
        "… of no number", "a%3Eb",
        #"unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value must be an integer"#
      ),
      badSelector(
        "… with a bad key", "-a",
        #"unable to parse requirement: \u003cnil\u003e: Invalid value: \"-a\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#
      ),
      badSelector(
        "… with a bad value", "a%3D-b",
        #"unable to parse requirement: values[0][a]: Invalid value: \"-b\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"#
      ),
      .differs(
        "A bad selector for the metric's labels", .get(Target.foo + "?metricLabelSelector=a+b"),
        .badRequest(
          #"couldn't parse the selector string \"a b\": unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"#
        ),
        theirs: .json(
          #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt","code":500}"#,
          status: 500), "custom-metrics-apiserver `pkg/registry/custom_metrics/reststorage.go`",
        because: "it is the caller's mistake, and another selector than the one that people look at first"
      ).forwards(),
      .differs(
        "A selector that cannot be decoded", .get(Target.foo + "?labelSelector=%zz"),
        .badRequest(#"the query has a parameter that cannot be decoded: \"labelSelector=%zz\""#),
        theirs: .json(Values.v1beta2), "Go `net/url` `ParseQuery`, whose error is dropped",
        because: "without its selector the request would be for other objects"
      ).forwards(),
    ])

  private static let handlerFile = "custom-metrics-apiserver `pkg/apiserver/endpoints/handlers/get.go`"
}
