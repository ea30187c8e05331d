private typealias Answer = ConformanceCase.Answer

private let healthz = "`pkg/server/healthz/healthz.go`"
private let ok = Answer.text(200, "ok", .nosniff)

extension ConformanceSection {
  static let health = ConformanceSection(
    title: "Health",
    introduction: """
      Answered to anybody, whatever the sources and the API server do, and however much else is under way. Which checks there
      are is each server's own.
      """,
    cases: [
      .same("Alive", .get("/healthz", as: .anonymous), ok, healthz).asks(),
      .same("…", .get("/livez", as: .token("bad")), ok, healthz).when(.apiServerDown).asks(),
      .same("… by any method", .call("POST", "/livez", as: .anonymous), ok, healthz),
      .same("… of which HEAD wants no body", .call("HEAD", "/livez", as: .anonymous), ok.withoutBody(), healthz),
      .same("Ready", .get("/readyz", as: .anonymous), ok, healthz),
      .same(
        "… with every place taken", .get("/readyz", as: .anonymous), ok,
        "`pkg/apis/flowcontrol/bootstrap/default.go`, the schema `probes`"
      )
      .when(.full),
      .same(
        "Each check", .get("/readyz?verbose", as: .anonymous),
        .text(200, "[+]ping ok\n[+]shutdown ok\nreadyz check passed\n", .nosniff), healthz),
      .same(
        "… but those that are left out", .get("/readyz?verbose&exclude=shutdown&exclude=%70ing", as: .anonymous),
        .text(200, "[+]ping excluded: ok\n[+]shutdown excluded: ok\nreadyz check passed\n", .nosniff), healthz),
      .same(
        "… which must be there", .get("/healthz?exclude=etcd&verbose=true&exclude=a", as: .anonymous),
        .text(
          200,
          "[+]ping ok\nwarn: some health checks cannot be excluded: no matches for \"a\",\"etcd\"\nhealthz check passed\n",
          .nosniff), healthz),
      .same("Another parameter is none", .get("/healthz?verbosely", as: .anonymous), ok, healthz),
      .same(
        "Not ready before the first table", .get("/readyz", as: .anonymous),
        .text(
          500, "[+]ping ok\n[-]routing-table failed: reason withheld\n[+]shutdown ok\nreadyz check failed\n", .nosniff),
        healthz
      ).when(.noTable),
      .same(
        "… unless that is left out", .get("/readyz?exclude=routing-table", as: .anonymous), ok, healthz
      ).when(.noTable),
      .same("… but alive", .get("/livez", as: .anonymous), ok, healthz).when(.noTable),
      .differs(
        "A check alone", .get("/livez/ping"), .notFound, theirs: Answer.text(200, "ok"), healthz,
        because: "a probe can leave out the others"),
    ])
}
