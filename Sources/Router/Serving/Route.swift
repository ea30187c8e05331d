import HTTP
import MetricsAPI
import Routing

/// Where a metric request goes.
enum Route {
  /// Who may answer it, the one to ask first; at least one.
  case candidates(ArraySlice<Candidate>, query: MetricQuery)
  /// Nobody, and what the caller is told.
  case nowhere(Response)

  /// Takes the pin, if there is one, out of the query.
  init(_ request: MetricRequest, _ query: MetricQuery, in table: RoutingTable) {
    var query = query
    do throws(QueryError) {
      if let name = try query.takePin(for: request.groupVersion.group) {
        self = Self.pinned(to: name, request, query, in: table)
        return
      }
    } catch {
      self = .nowhere(StatusResponse.badRequest("\(error)"))
      return
    }
    let candidates = table.candidates(for: MetricQuestion(request, query))
    if candidates.isEmpty {
      self = .nowhere(StatusResponse.notFound(request.lookup.notProvidedMessage))
    } else {
      self = .candidates(candidates, query: query)
    }
  }

  /// The source that a caller names is asked whatever it lists or claims, and nobody after it.
  private static func pinned(
    to name: String, _ request: MetricRequest, _ query: MetricQuery, in table: RoutingTable
  ) -> Route {
    guard let index = table.index(of: name) else {
      return .nowhere(StatusResponse.notFound(SourcePin.unknownMessage(name)))
    }
    let group = request.groupVersion.group
    guard table.source(at: index).serves(group) else {
      return .nowhere(StatusResponse.notFound(SourcePin.notServedMessage(name, group)))
    }
    return .candidates([Candidate(source: index, reason: .pinned)], query: query)
  }
}
