private typealias Answer = ConformanceCase.Answer

private let groupVersions =
  #"{"groupVersion":"custom.metrics.k8s.io/v1beta2","version":"v1beta2"},{"groupVersion":"custom.metrics.k8s.io/v1beta1","version":"v1beta1"}"#
private let customGroup =
  #""name":"custom.metrics.k8s.io","versions":[\#(groupVersions)],"preferredVersion":{"groupVersion":"custom.metrics.k8s.io/v1beta2","version":"v1beta2"}}"#
private let externalGroup =
  #""name":"external.metrics.k8s.io","versions":[{"groupVersion":"external.metrics.k8s.io/v1beta1","version":"v1beta1"}],"preferredVersion":{"groupVersion":"external.metrics.k8s.io/v1beta1","version":"v1beta1"}}"#
private let groupList =
  #"{"kind":"APIGroupList","apiVersion":"v1","groups":[{\#(customGroup),{\#(externalGroup)]}"#

private func entry(_ name: String, isNamespaced: Bool = true, kind: String = "MetricValueList") -> String {
  #"{"name":"\#(name)","singularName":"","namespaced":\#(isNamespaced),"kind":"\#(kind)","verbs":["get"]}"#
}

private func list(_ version: String, _ entries: String...) -> String {
  #"{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"\#(version)","resources":[\#(entries.joined(separator: ","))]}"#
}

private let customList = list(
  "custom.metrics.k8s.io/v1beta2", entry("deployments.apps/foo"), entry("namespaces/foo", isNamespaced: false),
  entry("nodes/foo", isNamespaced: false), entry("pods/a:b|C~d@e"), entry("pods/foo"))
private let externalList = list(
  "external.metrics.k8s.io/v1beta1", entry("queue_length", kind: "ExternalMetricValueList"))

private func aggregatedType(_ version: String) -> String {
  "application/json;g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList"
}

private func aggregated(_ version: String, _ answer: String) -> Answer {
  Answer(
    status: 200, contentType: aggregatedType(version), fields: [.etag, .varies],
    body: answer.hasSuffix("\n") ? .exactly(answer) : .begins(answer))
}

/// An empty list is all that an adapter has to say here.
private func theirAggregated(_ version: String) -> Answer {
  Answer(
    status: 200, contentType: aggregatedType(version), cacheControl: "public", fields: [.etag, .varies],
    body: .exactly(
      #"{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/\#(version)","metadata":{},"items":[]}"#
        + "\n"))
}

private let notModified = Answer(status: 304, fields: [.etag, .varies], body: .empty)
private let etagReason = "an entity tag spares who polls the document; its bytes are the same"

extension ConformanceSection {
  static let aggregation = ConformanceSection(
    title: "Discovery, as kube-aggregator and clients ask for it",
    introduction: """
      Answered from memory: with every source and the API server down, and before the first routing table. What is listed is
      what is routed; where nothing is, the adapters' placeholders are, since clients never cache an empty list.
      """,
    cases: [
      .differs(
        "The groups", .get("/apis"), .json(groupList).with(.varies, .etag),
        theirs: .described(
          200, "application/json",
          "one version for each group, and `\"serverAddressByClientCIDRs\":[{\"clientCIDR\":\"0.0.0.0/0\",\"serverAddress\":\"…\"}]`"
        ), "`pkg/endpoints/discovery/root.go`; custom-metrics-apiserver `pkg/apiserver/cmapis.go`",
        because: "both versions are served, so both are told; no client reads the addresses; " + etagReason),
      .differs(
        "A slash at the end changes nothing", .get("/apis/"), .json(groupList).with(.varies, .etag),
        theirs: .described(200, "application/json", "as without it"), "`pkg/server/handler.go` `director`",
        because: "as above"),
      .differs(
        "One group", .get("/apis/external.metrics.k8s.io"),
        .json(#"{"kind":"APIGroup","apiVersion":"v1",\#(externalGroup)"#).with(.varies, .etag),
        theirs: .json(#"{"kind":"APIGroup","apiVersion":"v1",\#(externalGroup)"#), "`pkg/endpoints/discovery/group.go`",
        because: etagReason),
      .differs(
        "One group, with a slash at the end", .get("/apis/external.metrics.k8s.io/"),
        .json(#"{"kind":"APIGroup","apiVersion":"v1",\#(externalGroup)"#).with(.varies, .etag),
        theirs: .json(#"{"kind":"APIGroup","apiVersion":"v1",\#(externalGroup)"#), "`pkg/endpoints/discovery/group.go`",
        because: etagReason),
      .differs(
        "The metrics of a version; those of namespaces and nodes are cluster-scoped", .get(Target.custom),
        .json(customList).with(.varies, .etag), theirs: .json(customList),
        "`pkg/endpoints/discovery/version.go`; custom-metrics-apiserver `pkg/provider/resource_lister.go`",
        because: etagReason),
      .differs(
        "The same with a slash at the end", .get(Target.custom + "/"), .json(customList).with(.varies, .etag),
        theirs: .json(customList), "`pkg/endpoints/discovery/version.go`", because: etagReason),
      .differs(
        "External metrics are namespaced and of another kind", .get(Target.external),
        .json(externalList).with(.varies, .etag), theirs: .json(externalList),
        "custom-metrics-apiserver `pkg/provider/resource_lister.go`", because: etagReason),
      .differs(
        "The aggregator asks with an identity of its own, and is never reviewed",
        .get(
          Target.external, as: .frontProxy("front-proxy-client"), .init("X-Remote-User", "system:kube-aggregator"),
          .init("X-Remote-Group", "system:masters")), .json(externalList).with(.varies, .etag),
        theirs: .json(externalList),
        "`pkg/server/options/authorization.go`", because: etagReason
      ).when(.apiServerDown).asks(),
      .differs(
        "Before the first table custom metrics have the placeholder", .get(Target.custom),
        .json(list("custom.metrics.k8s.io/v1beta2", entry("/custommetrics", isNamespaced: false))).with(.varies, .etag),
        theirs: .json(list("custom.metrics.k8s.io/v1beta2", entry("/custommetrics", isNamespaced: false))),
        "custom-metrics-apiserver `pkg/provider/defaults`", because: etagReason
      ).when(.noTable),
      .differs(
        "… and external ones theirs", .get(Target.external),
        .json(list("external.metrics.k8s.io/v1beta1", entry("externalmetrics", kind: "ExternalMetricValueList")))
          .with(.varies, .etag),
        theirs: .json(
          list("external.metrics.k8s.io/v1beta1", entry("externalmetrics", kind: "ExternalMetricValueList"))),
        "custom-metrics-apiserver `pkg/provider/defaults`", because: etagReason
      ).when(.noTable),
      .differs(
        "Aggregated discovery, as kube-aggregator asks for it since 1.30",
        .get(
          "/apis",
          .init(
            "Accept", "\(aggregatedType("v2")),\(aggregatedType("v2beta1")),application/json")),
        aggregated("v2", aggregatedBody("v2")), theirs: theirAggregated("v2"),
        "`pkg/endpoints/discovery/aggregated/{handler,etag}.go`",
        because: "adapters leave their metrics out; kube-aggregator would take the empty list for all there is"),
      .differs(
        "… and since 1.26", .get("/apis", .init("Accept", "\(aggregatedType("v2beta1")),application/json")),
        aggregated("v2beta1", aggregatedBody("v2beta1")), theirs: theirAggregated("v2beta1"),
        "`pkg/endpoints/discovery/aggregated/{handler,etag}.go`", because: "as above"),
      .differs(
        "Before the first table it lists the placeholders as well",
        .get("/apis", .init("Accept", aggregatedType("v2"))),
        aggregated("v2", emptyAggregatedBody), theirs: theirAggregated("v2"),
        "`pkg/endpoints/discovery/aggregated/handler.go`", because: "as above"
      ).when(.noTable),
      .differs(
        "Who has the document is told so",
        .get("/apis", .init("Accept", aggregatedType("v2")), .init("If-None-Match", "\"<hash>\"")), notModified,
        theirs: Answer(status: 304, cacheControl: "public", fields: [.etag, .varies], body: .empty),
        "`pkg/endpoints/discovery/aggregated/etag.go`",
        because: "who may see the document is decided anew each time, so no shared cache is to keep it"),
      .differs(
        "… by a weak tag too", .get(Target.external, .init("If-None-Match", "W/\"<hash>\"")), notModified,
        theirs: .json(externalList), "`pkg/endpoints/discovery/version.go`",
        because: "RFC 9110 §13.1.2: compared weakly"),
      .differs(
        "… by one of several", .get(Target.external, .init("If-None-Match", "\"a\", \"<hash>\"")), notModified,
        theirs: .json(externalList), "`pkg/endpoints/discovery/version.go`", because: "RFC 9110 §13.1.2: a list"),
      .differs(
        "… and by a star", .get(Target.external, .init("If-None-Match", "*")), notModified, theirs: .json(externalList),
        "`pkg/endpoints/discovery/version.go`", because: "RFC 9110 §13.1.2: `*`"),
      .differs(
        "Who has another is sent this one", .get(Target.external, .init("If-None-Match", "\"a\"")),
        .json(externalList).with(.varies, .etag), theirs: .json(externalList), "`pkg/endpoints/discovery/version.go`",
        because: etagReason),
    ])

  private static func aggregatedBody(_ version: String) -> String {
    #"{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/\#(version)","metadata":{},"items":[{"metadata":{"name":"custom.metrics.k8s.io","creationTimestamp":null},"versions":[{"version":"v1beta2","resources":[{"resource":"deployments.apps","responseKind":{"group":"","version":"","kind":""},"scope":"Namespaced","singularResource":"","verbs":null,"subresources":[{"subresource":"foo","responseKind":{"group":"","version":"","kind":"MetricValueList"},"verbs":["get"]}]},{"resource":"namespaces","responseKind":{"group":"","version":"","kind":""},"scope":"Cluster","singularResource":"","verbs":null,"subresources":[{"subresource":"foo","responseKind":{"group":"","version":"","kind":"MetricValueList"},"verbs":["get"]}]},"#
  }

  private static let emptyAggregatedBody =
    #"{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","metadata":{},"items":[{"metadata":{"name":"custom.metrics.k8s.io","creationTimestamp":null},"versions":[{"version":"v1beta2","resources":[{"resource":"","responseKind":{"group":"","version":"","kind":""},"scope":"Cluster","singularResource":"","verbs":null,"subresources":[{"subresource":"custommetrics","responseKind":{"group":"","version":"","kind":"MetricValueList"},"verbs":["get"]}]}],"freshness":"Current"},"#
}
