import HTTP
import MetricsAPI
import Routing

/// `/debug/explain?metric=pods/foo&namespace=ns&selector=…&object=…&ask=true`: what `metrics-router-server explain` prints,
/// of the table in force; with `output=json` for programs.
struct ExplainPage: StatusPage {
  let path = "/debug/explain"
  let summary =
    "?metric=pods/foo&namespace=ns&selector=a%3Db&object=web-0&ask=true&output=json: which source answers a metric, and why"
  let tables: TableHolder
  let probe: CandidateProbe

  private static let parameters: Set = ["metric", "namespace", "selector", "object", "objectSelector", "ask", "output"]

  func response(to request: RequestHead) async -> Response {
    let asked: ExplainQuestion
    let asks: Bool
    let isJSON: Bool
    do {
      let given = try QueryParameters.all(in: request.query)
      if let unknown = given.keys.first(where: { !Self.parameters.contains($0) }) {
        throw ExplainError("there is no parameter \(unknown): \(path)\(summary)")
      }
      guard let metric = given["metric"] else { throw ExplainError("name a metric: \(path)\(summary)") }
      guard ["true", "false", nil].contains(given["ask"]) else { throw ExplainError("ask is true or false") }
      guard ["text", "json", nil].contains(given["output"]) else { throw ExplainError("output is text or json") }
      asks = given["ask"] == "true"
      isJSON = given["output"] == "json"
      asked = try ExplainQuestion(
        metric: metric, namespace: given["namespace"], selector: given["selector"] ?? "", object: given["object"],
        objectSelector: given["objectSelector"] ?? "")
    } catch {
      return .text(400, "\(error)\n")
    }
    guard let loaded = tables.current else { return .text(503, "routing table not loaded\n") }
    let explanation = loaded.table.explain(asked.question, pin: asked.pin)
    var findings: [CandidateProbe.Finding]?
    if asks {
      findings = await probe.ask(asked, explanation.candidates.map(\.source))
      if findings == nil { return .text(429, "others are asking already: try again in a moment\n") }
    }
    if isJSON { return .json(VerdictReport(explanation, findings: findings)) }
    return .text(200, explanation.text + (findings.map { "\n" + FindingsTable.text($0) } ?? ""))
  }
}
