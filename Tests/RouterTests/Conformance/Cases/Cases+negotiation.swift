private typealias Answer = ConformanceCase.Answer
private typealias Field = ConformanceCase.Field

private let writers = "`pkg/endpoints/handlers/responsewriters/writers.go`"
private let negotiate = "`pkg/endpoints/handlers/negotiation/negotiate.go`"
private let values = Answer.json(Values.v1beta2)
/// What every object in protobuf begins with, and a little more.
private let protobuf = "k8s\0\n\u{02}v1"
private let protobufType = "application/vnd.kubernetes.protobuf"
private let protobufScript = BackendResponder.Script(contentType: protobufType, body: protobuf)
private let protobufAnswer = Answer(status: 200, contentType: protobufType, body: .bytes(Array(protobuf.utf8)))
private let everyType = "application/json, application/yaml, application/vnd.kubernetes.protobuf"
private let indentedEmpty = """
  {
    "kind": "MetricValueList",
    "apiVersion": "custom.metrics.k8s.io/v1beta2",
    "metadata": {},
    "items": []
  }
  """
private let emptyScript = BackendResponder.Script(body: Values.empty + "\n")
private let routesFirst = "go-restful `jsr311.go` `detectRoute`; `pkg/server/handler.go` `serviceErrorHandler`"
private let theirNotAcceptable = Answer.described(
  406, "application/json",
  "an indented `Status` with the message `406: Not Acceptable⏎⏎Available representations: \(everyType), …` and `\"details\": {}`"
)
private let wordsReason = "the words of \(negotiate), which API servers have where go-restful is not asked first"

private func pretty(_ fact: String, _ request: ConformanceCase.Request, _ isIndented: Bool = true) -> ConformanceCase {
  .same(fact, request, isIndented ? .indented(200, indentedEmpty) : .json(Values.empty), "\(negotiate) `isPrettyPrint`")
    .when(.backend(emptyScript))
}

extension ConformanceSection {
  static let negotiation = ConformanceSection(
    title: "How an answer is written",
    introduction: """
      JSON in one line with a line feed behind it; indented for people, without one. YAML and protobuf for who asks for them.
      Protobuf is never read here: a source is asked for it where its answer can be passed on as it is.
      """,
    cases: [
      .same("Anything", .get(Target.foo, .init("Accept", "*/*")), values, writers)
        .forwards(
          "GET \(Target.foo)\naccept: application/json\naudit-id: a\nauthorization: Bearer router-token\nuser-agent: router"
        )
        .follow(),
      .same(
        "Protobuf, if the source has it", .get(Target.foo, .init("Accept", protobufType + ", */*")), protobufAnswer,
        writers
      ).when(.backend(protobufScript)).forwards(
        "GET \(Target.foo)\naccept: \(protobufType), application/json\naudit-id: a\nauthorization: Bearer router-token\nuser-agent: router"
      ).follow(),
      .same(
        "… else JSON, as the HorizontalPodAutoscaler takes it",
        .get(Target.foo, .init("Accept", protobufType + ", */*")),
        values, writers),
      .same(
        "JSON where the version must be translated",
        .get(Target.customOld + "/namespaces/ns/pods/*/foo", .init("Accept", protobufType + ", */*")),
        .json(Values.v1beta1), writers
      ).when(.speaks("v1beta2", .pods)).forwards(
        "GET \(Target.foo)\naccept: application/json\naudit-id: a\nauthorization: Bearer router-token\nuser-agent: router"
      ).follow(),
      .differs(
        "Protobuf alone, where the version must be translated",
        .get(Target.customOld + "/namespaces/ns/pods/*/foo", .init("Accept", protobufType)),
        .indented(406, indentedNotAcceptable("application/json, application/yaml")),
        theirs: .described(200, protobufType, "in protobuf"), writers,
        because: "to translate protobuf would be to read it; every client takes JSON beside it"
      ).when(.speaks("v1beta2", .pods)).forwards(),
      .differs(
        "Protobuf alone, and the source has none", .get(Target.foo, .init("Accept", protobufType)),
        .indented(406, indentedNotAcceptable(everyType)), theirs: .described(200, protobufType, "in protobuf"), writers,
        because: "to write protobuf would be to know every field of it; every client takes JSON beside it"),
      .differs(
        "A failure to who takes protobuf alone", .get(Target.custom + "/a/b/c/d/e", .init("Accept", protobufType)),
        .indented(404, indentedNotFound), theirs: .described(404, protobufType, "the `Status` in protobuf"), writers,
        because: "the reason counts more than its form; a client tells it by its `Content-Type`"),
      .differs(
        "Nothing that there is", .get(Target.foo, .init("Accept", "text/html")),
        .indented(406, indentedNotAcceptable(everyType)),
        theirs: theirNotAcceptable, routesFirst, because: wordsReason
      ).forwards(),
      .differs(
        "… in discovery", .get(Target.external, .init("Accept", "text/html")),
        .indented(406, indentedNotAcceptable("application/json, application/yaml")), theirs: theirNotAcceptable,
        routesFirst,
        because: wordsReason + "; discovery is not to be had in protobuf, which only clients of API servers ask for"),
      .same(
        "A `Table`, and nothing else",
        .get(Target.foo, .init("Accept", "application/json;as=Table;g=meta.k8s.io;v=v1")),
        .indented(406, indentedNotAcceptable(everyType)), "\(writers); \(negotiate)"
      ).forwards(),
      .same(
        "… or else JSON, as kubectl asks",
        .get(Target.foo, .init("Accept", "application/json;as=Table;g=meta.k8s.io;v=v1,application/json")), values,
        writers),
      .same(
        "A failure that cannot be written as wanted", .get(Target.custom + "/a/b/c/d/e", .init("Accept", "text/html")),
        .indented(404, indentedNotFound), "\(writers) `WriteRawJSON`"),
      .same(
        "YAML", .get(Target.foo, .init("Accept", "application/yaml")),
        .yaml(
          200,
          """
          apiVersion: custom.metrics.k8s.io/v1beta2
          items: []
          kind: MetricValueList
          metadata: {}

          """), writers
      ).when(.backend(emptyScript)),
      .same(
        "A failure in YAML", .get(Target.custom + "/a/b/c/d/e", .init("Accept", "application/yaml")),
        .yaml(
          404,
          """
          apiVersion: v1
          code: 404
          details: {}
          kind: Status
          message: the server could not find the requested resource
          metadata: {}
          reason: NotFound
          status: Failure

          """), writers),
      .same(
        "The heavier clause goes first",
        .get(Target.foo, .init("Accept", "application/yaml;q=0.5, application/json;q=0.9")), values, negotiate),
      pretty("Indented for who asks for it", .get(Target.foo + "?pretty=true")),
      pretty("… by 1", .get(Target.foo + "?pretty=1")),
      pretty("… in `Accept`", .get(Target.foo, .init("Accept", "application/json;pretty=1"))),
      pretty("… for curl", .get(Target.foo, .init("User-Agent", "curl/8.5.0"))),
      pretty("… for Wget", .get(Target.foo, .init("User-Agent", "Wget/1.21.3"))),
      pretty("… for browsers", .get(Target.foo, .init("User-Agent", "Mozilla/5.0 (X11; Linux x86_64)"))),
      pretty(
        "… but not for curl that does not want it", .get(Target.foo + "?pretty=false", .init("User-Agent", "curl/8")),
        false),
      pretty("… nor for what is no boolean", .get(Target.foo + "?pretty=yes", .init("User-Agent", "curl/8")), false),
      pretty("… nor for programs", .get(Target.foo, .init("User-Agent", "kubectl/v1.36.0")), false),
      .same(
        "A failure is indented too, whatever it is about", .get(Target.foo + "?pretty=true&labelSelector=a+b"),
        .indented(
          400,
          """
          {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
            "reason": "BadRequest",
            "code": 400
          }
          """), "\(negotiate) `isPrettyPrint`"),
      .same(
        "Compressed above 128 KiB for who takes it", .get(Target.foo, .init("Accept-Encoding", "gzip")),
        Answer(
          status: 200, contentType: "application/json",
          fields: [.init("Content-Encoding", "gzip"), .init("Vary", "Accept-Encoding")], body: .gzip), writers
      ).when(.backend(.init(body: Values.large))),
      .same(
        "… not below", .get(Target.foo, .init("Accept-Encoding", "gzip")), values,
        "\(writers) `defaultGzipThresholdBytes`"),
      .same(
        "… and not for who does not name it", .get(Target.foo, .init("Accept-Encoding", "deflate, br")),
        .begins(String(Values.large.prefix(80))), writers
      ).when(.backend(.init(body: Values.large))),
      .differs(
        "The version is indented for everybody", .get("/version"),
        .indented(
          200,
          """
          {
            "major": "0",
            "minor": "1",
            "gitVersion": "v0.1.0",
            "gitCommit": "",
            "gitTreeState": "",
            "buildDate": "",
            "goVersion": "",
            "compiler": "swift",
            "platform": "linux"
          }
          """),
        theirs: .described(200, "application/json", "the adapter's own, in this form"),
        "`pkg/server/routes/version.go`",
        because: "it is another program"),
    ])

  private static let indentedNotFound = """
    {
      "kind": "Status",
      "apiVersion": "v1",
      "metadata": {},
      "status": "Failure",
      "message": "the server could not find the requested resource",
      "reason": "NotFound",
      "details": {},
      "code": 404
    }
    """
}

extension ConformanceCase {
  /// With an `Audit-Id`, which comes back and goes on to the source.
  fileprivate func follow() -> ConformanceCase {
    var followed = request
    followed.headers.append(.init("Audit-Id", "a"))
    let answer = answer.with(.init("Audit-Id", "a"))
    guard case .same(let source) = reference else { return self }
    var copy = ConformanceCase.same(fact, followed, answer, source).when(state)
    copy.forwarded = forwarded
    return copy
  }
}
