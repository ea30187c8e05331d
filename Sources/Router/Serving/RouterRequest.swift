import HTTP
import MetricsAPI

/// A request as the router reads it, once: what is authorized, looked up and sent on all comes from here.
struct RouterRequest {
  let head: RequestHead
  let path: RequestPath
  /// A query that cannot be read matters only where one is used, and to those who may ask.
  let query: Result<MetricQuery, QueryError>
  let presentation: Presentation
  /// Whether the query asks to watch.
  let watches: Bool

  /// Throws where the path could be read in two ways, or in none.
  init(_ head: RequestHead, paths: RequestPathMemo) throws(PathError) {
    self.head = head
    path = try paths.parse(head.path)
    query = Self.query(of: head)
    let readable = (try? query.get()) ?? .withoutSelectors(head.query)
    presentation = Presentation(head, pretty: readable.pretty)
    watches = readable.watch
  }

  private static func query(of head: RequestHead) -> Result<MetricQuery, QueryError> {
    do throws(QueryError) {
      return .success(head.query.isEmpty ? MetricQuery() : try MetricQuery.parse(Array(head.query)))
    } catch {
      return .failure(error)
    }
  }

  /// The path of a health check, if it is one.
  var healthPath: String? {
    guard case .nonResource(let path) = path.endpoint, path == "/healthz" || path == "/livez" || path == "/readyz"
    else { return nil }
    return path
  }

  /// Whether there is nothing at its path for anybody.
  var namesNothing: Bool { path.endpoint == .unknown && OpenAPIPath(path.text) == nil }
}
