import HTTP

/// `/healthz`, `/livez` and `/readyz` in the words of `k8s.io/apiserver/pkg/server/healthz`. Answered from memory, to
/// anybody, and whatever the backends or the API server do.
enum HealthResponse {
  static func response(path: String, isVerbose: Bool, readiness: Readiness) -> Response {
    let name = String(path.dropFirst())
    // A process that answers is alive; only readiness depends on what it has loaded.
    let checks = name == "readyz" ? readiness.checks : [("ping", true)]
    let isHealthy = checks.allSatisfy(\.1)
    if isHealthy, !isVerbose { return .text(200, "ok") }
    var lines = checks.map { check in
      check.1 ? "[+]\(check.0) ok" : "[-]\(check.0) failed: not yet"
    }
    lines.append(isHealthy ? "\(name) check passed" : "\(name) check failed")
    return .text(isHealthy ? 200 : 500, lines.joined(separator: "\n") + "\n")
  }
}
