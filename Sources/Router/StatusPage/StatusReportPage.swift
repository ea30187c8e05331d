import HTTP
import MetricsAPI

/// `/debug/status?q=text&state=failing&offset=0&limit=100`: the table in force and the sources, in JSON.
struct StatusReportPage: StatusPage {
  let path = "/debug/status"
  let summary = "?q=text&state=failing&offset=0&limit=100: the routing table and its sources, in JSON"
  let view: StatusView

  static let maximumLimit = 200

  func response(to request: RequestHead) async -> Response {
    var selection = StatusView.Selection()
    do throws(PageQueryError) {
      let query = try PageQuery(request, of: self, names: ["q", "state", "offset", "limit"])
      selection.text = query["q"] ?? ""
      if let state = query["state"] {
        guard let known = SourceState(rawValue: state) else {
          throw PageQueryError("state is one of \(SourceState.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        selection.state = known
      }
      selection.offset = try query.number("offset", in: 0...1_000_000) ?? 0
      selection.limit = try query.number("limit", in: 1...Self.maximumLimit) ?? selection.limit
    } catch {
      return .text(400, "\(error)\n")
    }
    return .json(view.report(selection))
  }
}
