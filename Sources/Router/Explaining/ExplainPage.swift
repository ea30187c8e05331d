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

  /// A page shows no more of them.
  private static let maximumNotCandidates = 50
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
    if asks, isOfUnknownPage(request) {
      return .text(
        403, "perhaps asked by a page of another site: open the status page by 127.0.0.1 or localhost to ask\n")
    }
    guard let loaded = tables.current else { return .text(503, "routing table not loaded\n") }
    let explanation = loaded.table.explain(asked.question, pin: asked.pin)
    var findings: [CandidateProbe.Finding]?
    if asks {
      findings = await probe.ask(asked, explanation.candidates.map(\.source))
      if findings == nil { return .text(429, "others are asking already: try again in a moment\n") }
    }
    if isJSON {
      let document = ExplanationDocument(explanation, maximumNotCandidates: Self.maximumNotCandidates)
      return .json(ExplanationReport(explanation: document, findings: findings?.map(FindingDocument.init)))
    }
    return .text(200, explanation.text + (findings.map { "\n" + FindingsTable.text($0) } ?? ""))
  }

  /// Browsers say of which site the page is that asks, but not to an address that is neither TLS nor the loopback. There an
  /// image of another site's page could have sources asked; the status page sets a field that such a page cannot.
  private func isOfUnknownPage(_ request: RequestHead) -> Bool {
    let isBrowser = request.headers.first("user-agent")?.starts(with: "Mozilla/".utf8) == true
    return isBrowser && request.headers.first("sec-fetch-site") == nil
      && request.headers.first("x-metrics-router-page") == nil
  }
}
