private typealias Answer = ConformanceCase.Answer

private let responsewriters = "`pkg/endpoints/handlers/responsewriters/errors.go`"
private let requestInfo = "`pkg/endpoints/request/requestinfo.go`"
private let refusal = "\(requestInfo); \(responsewriters)"
private let group = "custom.metrics.k8s.io"
private let jane = "jane [team-a, system:authenticated]: "

/// 403 with the words of genericapiserver for a request that is for a resource.
private func denied(
  _ verb: String, _ resource: String, subresource: String = "", name: String = "", in namespace: String? = "ns",
  group: String = group, because reason: String = ""
) -> Answer {
  let subject = name.isEmpty ? "" : #" \"\#(name)\""#
  let scope = namespace.map { #"in the namespace \"\#($0)\""# } ?? "at the cluster scope"
  let full = subresource.isEmpty ? resource : "\(resource)/\(subresource)"
  let message =
    #"\#(resource).\#(group)\#(subject) is forbidden: User \"jane\" cannot \#(verb) resource \"\#(full)\" in API group \"\#(group)\" \#(scope)\#(reason)"#
  let named = name.isEmpty ? "" : #""name":"\#(name)","#
  return .forbidden(message, details: #"{\#(named)"group":"\#(group)","kind":"\#(resource)"}"#)
}

private func question(
  _ verb: String, _ resource: String, subresource: String = "", name: String = "", in namespace: String? = "ns",
  group: String = group, version: String = "v1beta2"
) -> String {
  let parts = [
    ("group", group), ("name", name), ("namespace", namespace ?? ""), ("resource", resource),
    ("subresource", subresource), ("verb", verb), ("version", version),
  ].filter { !$0.1.isEmpty }.map { #""\#($0.0)":"\#($0.1)""# }
  return jane + "{\(parts.joined(separator: ","))}"
}

private func refused(
  _ fact: String, _ request: ConformanceCase.Request, _ answer: Answer, _ asked: String
) -> ConformanceCase {
  .same(fact, request, answer, refusal).when(.denied("")).asks(asked)
}

private func refusedExternal(
  _ fact: String, _ request: ConformanceCase.Request, _ verb: String, _ resource: String, name: String = ""
) -> ConformanceCase {
  let external = "external.metrics.k8s.io"
  return refused(
    fact, request, denied(verb, resource, name: name, group: external),
    question(verb, resource, name: name, group: external, version: "v1beta1"))
}

extension ConformanceSection {
  static let authorization = ConformanceSection(
    title: "Delegated authorization",
    introduction: """
      What a SubjectAccessReview is asked, and what a caller is told who may not. Nothing reaches a source. API servers since
      1.32 also send the selectors of a list along (`AuthorizeWithSelectors`); RBAC does not look at them, and who may list
      without them may list.
      """,
    cases: [
      refused(
        "All pods' metric", .get(Target.foo), denied("get", "pods", subresource: "foo", name: "*"),
        question("get", "pods", subresource: "foo", name: "*")
      ).forwards(),
      .same(
        "The API server's reason is passed on", .get(Target.foo),
        denied("get", "pods", subresource: "foo", name: "*", because: ": no rule matched"), responsewriters
      ).when(.denied("no rule matched")),
      refused(
        "An object of a group", .get(Target.custom + "/namespaces/ns/deployments.apps/d/foo"),
        denied("get", "deployments.apps", subresource: "foo", name: "d"),
        question("get", "deployments.apps", subresource: "foo", name: "d")),
      refused(
        "An object of the cluster", .get(Target.custom + "/nodes/n1/foo"),
        denied("get", "nodes", subresource: "foo", name: "n1", in: nil),
        question("get", "nodes", subresource: "foo", name: "n1", in: nil)),
      refused(
        "A namespace's own metric", .get(Target.custom + "/namespaces/ns/metrics/foo"),
        denied("get", "metrics", name: "foo"), question("get", "metrics", name: "foo")),
      refusedExternal("An external metric is listed", .get(Target.queue), "list", "queue_length"),
      refusedExternal("… or watched", .get(Target.queue + "?watch=true"), "watch", "queue_length"),
      refusedExternal(
        "… whatever else the query says that cannot be read", .get(Target.queue + "?labelSelector=%zz&watch=1"),
        "watch",
        "queue_length"),
      refusedExternal(
        "An external metric named as a subresource of namespaces is one",
        .get(Target.external + "/namespaces/ns/status"),
        "get", "namespaces", name: "ns"
      ).with(subresource: "status"),
      refusedExternal(
        "… as is the other", .get(Target.external + "/namespaces/ns/finalize"), "get", "namespaces", name: "ns"
      ).with(subresource: "finalize"),
      .same(
        "A path of no resource is asked about as it is", .get(Target.custom),
        .forbidden(#"forbidden: User \"jane\" cannot get path \"/apis/custom.metrics.k8s.io/v1beta2\""#, details: "{}"),
        refusal
      ).when(.denied("")).asks(jane + #"{"path":"/apis/custom.metrics.k8s.io/v1beta2","verb":"get"}"#),
      .same(
        "… with its slash at the end", .get(Target.custom + "/"),
        .forbidden(
          #"forbidden: User \"jane\" cannot get path \"/apis/custom.metrics.k8s.io/v1beta2/\""#, details: "{}"),
        refusal
      ).when(.denied("")).asks(jane + #"{"path":"/apis/custom.metrics.k8s.io/v1beta2/","verb":"get"}"#),
      .same(
        "… and its method in lower case", .call("OPTIONS", "/metrics"),
        .forbidden(#"forbidden: User \"jane\" cannot options path \"/metrics\""#, details: "{}"), refusal
      ).when(.denied("")).asks(jane + #"{"path":"/metrics","verb":"options"}"#),
      .same(
        "No name becomes HTML", .get(Target.custom + "/nodes/a%3Cb%3E&/foo"),
        .forbidden(
          #"nodes.custom.metrics.k8s.io \"a\u003cb\u003e\u0026\" is forbidden: User \"jane\" cannot get resource \"nodes/foo\" in API group \"custom.metrics.k8s.io\" at the cluster scope"#,
          details: #"{"name":"a\u003cb\u003e\u0026","group":"custom.metrics.k8s.io","kind":"nodes"}"#), refusal
      ).when(.denied("")),
      .same(
        "… wherever it stands", .get(Target.custom + "/nodes/n1/%3Cb%3E&"),
        .forbidden(
          #"nodes.custom.metrics.k8s.io \"n1\" is forbidden: User \"jane\" cannot get resource \"nodes/\u0026lt;b\u0026gt;\u0026amp;\" in API group \"custom.metrics.k8s.io\" at the cluster scope"#,
          details: #"{"name":"n1","group":"custom.metrics.k8s.io","kind":"nodes"}"#), refusal
      ).when(.denied("")),
      refused(
        "POST creates", .call("POST", Target.foo), denied("create", "pods", subresource: "foo", name: "*"),
        question("create", "pods", subresource: "foo", name: "*")),
      refused(
        "PUT updates", .call("PUT", Target.foo), denied("update", "pods", subresource: "foo", name: "*"),
        question("update", "pods", subresource: "foo", name: "*")),
      refused(
        "PATCH patches", .call("PATCH", Target.foo), denied("patch", "pods", subresource: "foo", name: "*"),
        question("patch", "pods", subresource: "foo", name: "*")),
      refused(
        "DELETE deletes", .call("DELETE", Target.foo), denied("delete", "pods", subresource: "foo", name: "*"),
        question("delete", "pods", subresource: "foo", name: "*")),
      refusedExternal(
        "… a collection, without a name", .call("DELETE", Target.queue), "deletecollection", "queue_length"),
      refused(
        "Another method has no verb", .call("OPTIONS", Target.foo), denied("", "pods", subresource: "foo", name: "*"),
        question("", "pods", subresource: "foo", name: "*")),
      refused(
        "A path that begins with a verb is of that verb", .get(Target.custom + "/watch/nodes/n1/foo"),
        denied("watch", "nodes", subresource: "foo", name: "n1", in: nil),
        question("watch", "nodes", subresource: "foo", name: "n1", in: nil)),
      .same(
        "The group of all rights is never reviewed",
        .get(
          Target.foo, as: .frontProxy("front-proxy-client"), .init("X-Remote-User", "root"),
          .init("X-Remote-Group", "system:masters")), .json(Values.v1beta2), "`pkg/server/options/authorization.go`"
      ).when(.apiServerDown).asks(),
      .differs(
        "With the API server down nobody may",
        .get(Target.foo, as: .frontProxy("front-proxy-client"), .init("X-Remote-User", "proxied")),
        .failure(500, "InternalError", "unable to authorize the request: the API server could not be asked"),
        theirs: .described(
          500, "text/plain; charset=utf-8", "`Internal Server Error: \"/apis/…\": …`, and the error of the webhook",
          .nosniff),
        "\(responsewriters) `InternalError`",
        because:
          "clients show a `Status`' message to people; the cause is in the log, since it names the API server's address"
      ).when(.apiServerDown).forwards(),
    ])
}

extension ConformanceCase {
  /// The question of an external case with a subresource, which its message has as well.
  fileprivate func with(subresource: String) -> ConformanceCase {
    let external = "external.metrics.k8s.io"
    return .same(
      fact, request, denied("get", "namespaces", subresource: subresource, name: "ns", group: external), refusal
    ).when(state).asks(
      question("get", "namespaces", subresource: subresource, name: "ns", group: external, version: "v1beta1"))
  }
}
