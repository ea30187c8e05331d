import HTTP
import MetricsAPI

/// `/healthz`, `/livez` and `/readyz` in the words of `handleRootHealth` of `k8s.io/apiserver/pkg/server/healthz`. Answered
/// from memory, to anybody, and whatever the backends or the API server do.
enum HealthResponse {
  /// Of names that a caller made up, in characters.
  private static let maximumEcho = 256

  /// `query` may hold `verbose`, and `exclude` with the name of a check, any number of times.
  static func response(path: String, query: ArraySlice<UInt8>, readiness: Readiness) -> Response {
    let name = String(path.dropFirst())
    // A process that answers is alive; only readiness depends on what it has loaded.
    let checks = name == "readyz" ? readiness.checks : [("ping", true)]
    let excluded = Set(QueryParameters.values("exclude", in: query))
    let isHealthy = checks.allSatisfy { $0.1 || excluded.contains($0.0) }
    var response = Response.text(isHealthy ? 200 : 500, "ok")
    response.fields = [StatusResponse.contentIsAsTold]
    if isHealthy, QueryParameters.values("verbose", in: query).isEmpty { return response }

    var text = checks.map { line($0, excluded) }.joined()
    let unknown = excluded.subtracting(checks.map(\.0))
    if !unknown.isEmpty {
      let names = unknown.sorted().map(GoQuoting.quoted).joined(separator: ",")
      // Anybody may ask, and need not take the answer, which is to be small therefore.
      text += "warn: some health checks cannot be excluded: no matches for \(names.prefix(Self.maximumEcho))\n"
    }
    response.body = Array("\(text)\(name) check \(isHealthy ? "passed" : "failed")\n".utf8)
    return response
  }

  /// Why a check fails the log says, since anybody may ask here.
  private static func line(_ check: (name: String, isMet: Bool), _ excluded: Set<String>) -> String {
    if excluded.contains(check.name) { return "[+]\(check.name) excluded: ok\n" }
    return check.isMet ? "[+]\(check.name) ok\n" : "[-]\(check.name) failed: reason withheld\n"
  }
}
