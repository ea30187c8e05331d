import EventLoop
import HTTP
import MetricsAPI

/// `/debug/routes?q=words&source=name&contested=true&limit=50&after=…`: which source answers which metric, in JSON. Pages of
/// any table are found without holding an event loop up: a thread that gives way to them looks.
struct RoutesPage: StatusPage {
  let path = "/debug/routes"
  let summary =
    "?q=words&source=name&contested=true&limit=50&after=…: metrics with the sources that may answer them, in JSON"
  let tables: TableHolder
  /// Of persons who search at once.
  var searches = InFlight(limit: 2)

  static let maximumLimit = 500

  func response(to request: RequestHead) async -> Response {
    var question = MetricSearch.Question()
    do throws(PageQueryError) {
      let query = try PageQuery(request, of: self, names: ["q", "source", "contested", "limit", "after"])
      question.filter = MetricFilter(query["q"] ?? "")
      question.source = query["source"]
      question.isContested = try query.flag("contested")
      question.limit = try query.number("limit", in: 1...Self.maximumLimit) ?? question.limit
      if let after = query["after"] {
        guard let key = MetricCursor.key(after) else {
          throw PageQueryError("after is what the answer before has as after")
        }
        question.after = key
      }
    } catch {
      return .text(400, "\(error)\n")
    }
    guard let loaded = tables.current else { return .text(503, "routing table not loaded\n") }
    guard searches.enter() else { return .text(429, "others are searching already: try again in a moment\n") }
    defer { searches.leave() }
    let asked = question
    return await YieldingThread.run(named: "search") { .json(RoutesReport(loaded, asked)) }
  }
}
