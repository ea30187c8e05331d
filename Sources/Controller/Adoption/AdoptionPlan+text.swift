import Kubernetes
import MetricsAPI
import Routing
import YAML

extension AdoptionPlan {
  /// The whole plan as one YAML stream: what is to be applied as documents, all the rest as comments, so that it can be
  /// read, edited and given to kubectl as it is.
  func text(rollbackPath: String) throws(AdoptionError) -> String {
    var lines = ["Who answers for the metrics APIs now:", ""]
    for state in findings.states { lines += Self.lines(state, router) }
    if isDone {
      lines += ["", "Nothing to adopt: all of them belong to the router already."]
      return Self.comment(lines)
    }
    lines += notes
    lines += [
      "",
      "Nothing has been changed. With --apply this is done in an order that leaves no request without an answer, and",
      "undone where it fails; by hand, apply the MetricsSources first and wait until kubectl get ms shows them synced.",
    ]
    var text = Self.comment(lines)
    for source in sources {
      text += "---\n" + Self.comment(source.comments) + (try source.document(group: group).manifest())
    }
    for version in versions {
      let isUnverified = findings.states.contains { state in
        state.version == version && state.value?.spec.insecureSkipTLSVerify == true
      }
      text += "---\n"
      if isUnverified {
        text += Self.comment([
          "It has insecureSkipTLSVerify now, which kubectl apply may leave there, and is then refused: use kubectl replace."
        ])
      }
      text += try apiService(of: version).manifest()
    }
    let rollbackLines = try rollback.text().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return text + "---\n" + Self.comment(["The rollback file, \(rollbackPath):", ""] + rollbackLines.dropLast())
  }

  /// What a person should know before anything is done.
  var notes: [String] {
    var notes: [String] = []
    if findings.sources == nil {
      notes += ["", "Note: the cluster does not know MetricsSources of \(group): apply deploy/all-in-one.yaml first"]
    }
    for source in kept {
      notes += [
        "",
        "Note: MetricsSource \(source.name) leads to \(source.spec.service.namespace)/\(source.spec.service.name)"
          + " already, and stays as it is",
      ]
    }
    for warning in warnings { notes += ["", "Warning: \(warning)"] }
    for problem in problems { notes += ["", "Problem: \(problem)"] }
    return notes
  }

  private static func lines(_ state: APIServiceState, _ router: RouterAddress) -> [String] {
    let own = state.isOwned(by: router) ? ", the router" : ""
    var lines = ["  \(state.version.apiServiceName): \(state.owner)\(own)"]
    guard let value = state.value else { return lines }
    lines.append("    Available: \(state.availability)")
    let managers = ManagingTool.all(of: value.metadata)
    if !managers.isEmpty { lines.append("    Managed by: " + managers.map(\.description).joined(separator: "; ")) }
    if let writer = ManagingTool.lastWriter(of: value.metadata) { lines.append("    Last written by: \(writer)") }
    return lines
  }

  private static func comment(_ lines: [String]) -> String {
    lines.map { $0.isEmpty ? "#\n" : "# \($0)\n" }.joined()
  }
}
