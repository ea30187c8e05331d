private typealias Answer = ConformanceCase.Answer

private let values = Answer.json(Values.v1beta2)
private let installer = "custom-metrics-apiserver `pkg/apiserver/installer`"
private let handler = "custom-metrics-apiserver `pkg/apiserver/endpoints/handlers/get.go`"

extension ConformanceSection {
  static let metrics = ConformanceSection(
    title: "The metrics APIs",
    introduction: """
      What a source answers reaches the caller as it is, where both speak the same version. "forwards" shows what the source
      was asked: made anew of what was read, authorized and looked up.
      """,
    cases: [
      .same("A metric of all pods", .get(Target.foo), values, installer).forwards("GET " + Target.foo),
      .same(
        "… with the star encoded, as the HorizontalPodAutoscaler sends it",
        .get(
          Target.custom + "/namespaces/ns/pods/%2A/foo?labelSelector=app%3Dx%2Ctier+in+%28a%2Cb%29",
          .init("Accept", "application/vnd.kubernetes.protobuf, */*")), values, installer
      ).forwards("GET \(Target.foo)?labelSelector=app%3Dx%2Ctier+in+%28a%2Cb%29"),
      .same(
        "… with a selector for the metric's own labels; what else the query holds is nothing to a source",
        .get(Target.foo + "?metricLabelSelector=verb%3DGET&labelSelector=a&timeout=5s&pretty=false"), values, installer
      ).forwards("GET \(Target.foo)?labelSelector=a&metricLabelSelector=verb%3DGET"),
      .same(
        "A metric of an object", .get(Target.custom + "/namespaces/ns/deployments.apps/d/foo"), values, installer
      ).forwards("GET " + Target.custom + "/namespaces/ns/deployments.apps/d/foo"),
      .same("A metric of an object of the cluster", .get(Target.custom + "/nodes/n1/foo"), values, installer)
        .forwards("GET " + Target.custom + "/nodes/n1/foo"),
      .same(
        "A metric of a namespace", .get(Target.custom + "/namespaces/ns/metrics/foo"), values, handler
      ).forwards("GET " + Target.custom + "/namespaces/ns/metrics/foo"),
      .same("An external metric", .get(Target.queue + "?labelSelector=queue%3Da"), .json(Values.external), installer)
        .when(.backend(.external)).forwards("GET \(Target.queue)?labelSelector=queue%3Da"),
      .same(
        "The version is the caller's where the source speaks it", .get(Target.customOld + "/namespaces/ns/pods/*/foo"),
        .json(Values.v1beta1), installer
      ).when(.backend(.init(body: Values.v1beta1 + "\n")))
        .forwards("GET " + Target.customOld + "/namespaces/ns/pods/*/foo"),
      .same(
        "… and translated where it does not", .get(Target.customOld + "/namespaces/ns/pods/*/foo"),
        .json(Values.v1beta1), "custom-metrics-apiserver `pkg/apiserver/installer/conversion.go`"
      ).when(.speaks("v1beta2", .pods)).forwards("GET " + Target.foo),
      .same(
        "… either way", .get(Target.foo), values, "custom-metrics-apiserver `pkg/apiserver/installer/conversion.go`"
      ).when(.speaks("v1beta1", .init(body: Values.v1beta1 + "\n")))
        .forwards("GET " + Target.customOld + "/namespaces/ns/pods/*/foo"),
      .same("An empty list stays empty, and a list", .get(Target.foo), .json(Values.empty), installer)
        .when(.backend(.init(body: Values.empty + "\n"))),
      .same("A custom metric cannot be watched: it is listed", .get(Target.foo + "?watch=true"), values, handler)
        .forwards("GET " + Target.foo),
      .differs(
        "An external one cannot either, and says so", .get(Target.queue + "?watch=true"),
        theirWatchAnswer.with(.allowGet), theirs: theirWatchAnswer,
        "`pkg/endpoints/handlers/get.go` `ListResource`; custom-metrics-apiserver `pkg/apiserver/installer/emhandlers.go`",
        because: "RFC 9110 §15.5.6 demands `Allow`"
      ).forwards(),
    ])

  private static let theirWatchAnswer = ConformanceCase.Answer.failure(
    405, "MethodNotAllowed", #"watch is not supported on resources of kind \"*.external.metrics.k8s.io\""#,
    details: #"{"group":"external.metrics.k8s.io","kind":"*"}"#)
}
