private typealias Answer = ConformanceCase.Answer

private let acceptRanges = ConformanceCase.Field("Accept-Ranges", "bytes")
private let lastModified = ConformanceCase.Field("Last-Modified", "…")
private let partsReason = "nobody asks for a part of it, and its hash says more than a date"
private let v3 = "/openapi/v3/apis/external.metrics.k8s.io/v1beta1"

extension ConformanceSection {
  static let openAPI = ConformanceSection(
    title: "OpenAPI, as kube-aggregator merges it",
    introduction: """
      What the documents say is our own; how they are had follows `k8s.io/kube-openapi`. kube-aggregator asks every minute,
      as `system:aggregator` in no group.
      """,
    cases: [
      .differs(
        "Version 2",
        .get(
          "/openapi/v2", as: .frontProxy("front-proxy-client"), .init("X-Remote-User", "proxied"),
          .init("Accept", "application/json")),
        .begins(#"{"swagger":"2.0","info":{"title":"Metrics Router","version":"#).with(.varies, .etag),
        theirs: .described(200, "application/json", "the adapter's", .varies, .etag, acceptRanges, lastModified),
        "kube-openapi `pkg/handler/handler.go`", because: partsReason
      ).asks(#"proxied [system:authenticated]: {"path":"/openapi/v2","verb":"get"}"#),
      .same(
        "Who has it is told so", .get("/openapi/v2", .init("If-None-Match", "\"<hash>\"")),
        Answer(status: 304, fields: [.etag, .varies], body: .empty), "kube-openapi `pkg/handler/handler.go`"),
      .differs(
        "What else there is not", .get("/openapi/v2", .init("Accept", "text/html")),
        .indented(406, indentedNotAcceptable("application/json")),
        theirs: Answer(status: 406, fields: [.varies], body: .empty), "kube-openapi `pkg/handler/handler.go`",
        because: "clients show a `Status`' message to people"),
      .differs(
        "Version 3 tells where the documents are, and their hashes", .get("/openapi/v3"),
        Answer(
          status: 200, contentType: "application/json", fields: [.varies, .etag],
          body: .exactly(
            #"{"paths":{"apis/custom.metrics.k8s.io/v1beta1":{"serverRelativeURL":"/openapi/v3/apis/custom.metrics.k8s.io/v1beta1?hash=<hash>"},"apis/custom.metrics.k8s.io/v1beta2":{"serverRelativeURL":"/openapi/v3/apis/custom.metrics.k8s.io/v1beta2?hash=<hash>"},"apis/external.metrics.k8s.io/v1beta1":{"serverRelativeURL":"/openapi/v3/apis/external.metrics.k8s.io/v1beta1?hash=<hash>"}}}"#
          )),
        theirs: .described(200, "application/json", "the same form", .etag, acceptRanges, lastModified),
        "kube-openapi `pkg/handler3/handler.go` `HandleDiscovery`", because: partsReason),
      .differs(
        "A document of version 3", .get(v3),
        .begins(#"{"openapi":"3.0.0","info":{"title":"Metrics Router","version":"#).with(.varies, .etag),
        theirs: .described(200, "application/json", "the adapter's", .varies, .etag, acceptRanges, lastModified),
        "kube-openapi `pkg/handler3/handler.go` `HandleGroupVersion`", because: partsReason),
      .differs(
        "… by its hash may be kept for good", .get(v3 + "?hash=<hash>"), immutable,
        theirs: Answer(
          status: 200, contentType: "application/json", cacheControl: "public, immutable",
          fields: [.varies, .etag, acceptRanges, lastModified, .init("Expires", "in a year")],
          body: .described("the adapter's")), "kube-openapi `pkg/handler3/handler.go` `HandleGroupVersion`",
        because: "an age is not wrong when a clock is"),
      .differs(
        "Another hash than it has leads to it", .get(v3 + "?hash=other"),
        Answer(status: 301, fields: [.init("Location", v3 + "?hash=<hash>")], body: .empty),
        theirs: Answer(
          status: 301, contentType: "application/json",
          fields: [.varies, .etag, .init("Location", v3 + "?hash=<hash>")],
          body: .empty), "kube-openapi `pkg/handler3/handler.go` `HandleGroupVersion`",
        because: "there is no document in the answer that they could be of"),
      .differs(
        "There is no other group", .get("/openapi/v3/apis/apps/v1"), .notFound, theirs: .paths,
        "`pkg/server/routes/index.go`", because: "clients show a `Status`' message to people"),
    ])

  private static let immutable = ConformanceCase.Answer(
    status: 200, contentType: "application/json", cacheControl: "public, max-age=31536000, immutable",
    fields: [.varies, .etag], body: .begins(#"{"openapi":"3.0.0","info":{"title":"Metrics Router","version":"#))
}
