import EventLoop
import HTTP
import MetricsAPI
import Routing

/// The target of a request as the router reads it, path and query, with what was found out about it: autoscalers ask for
/// the same few again and again. Belongs to one event loop.
final class ReadTarget {
  /// A decision on whether somebody may ask for it.
  struct Permission {
    var user: UserInfo
    var method: RequestHead.Method
    var decision: AccessReviews.Decision
    var expires: MonotonicTime
  }

  /// Where it goes by one routing table.
  struct Destination {
    /// In the order in which they are asked.
    var candidates: ArraySlice<Candidate>
    var target: BackendTarget
    /// Counts the tables that the event loop has seen.
    var epoch: Int
  }

  let path: RequestPath
  /// A query that cannot be read matters only where one is used, and to those who may ask.
  let query: Result<MetricQuery, QueryError>
  /// Whether the query asks for indented JSON; nil where it does not say.
  let pretty: Bool?
  /// Whether the query asks to watch.
  let watches: Bool
  /// The last one that was made.
  private var permission: Permission?
  private var destination: Destination?

  /// Throws where the path could be read in two ways, or in none.
  init(_ head: RequestHead) throws(PathError) {
    path = try RequestPath.parse(Array(head.path))
    query = Self.query(of: head)
    let readable = (try? query.get()) ?? .withoutSelectors(head.query)
    pretty = readable.pretty
    watches = readable.watch
  }

  private static func query(of head: RequestHead) -> Result<MetricQuery, QueryError> {
    do throws(QueryError) {
      return .success(head.query.isEmpty ? MetricQuery() : try MetricQuery.parse(Array(head.query)))
    } catch {
      return .failure(error)
    }
  }

  /// What was decided last, where that was on the same question and still counts.
  func decision(for user: UserInfo, _ method: RequestHead.Method, at now: MonotonicTime) -> AccessReviews.Decision? {
    guard let permission, permission.expires > now, permission.method == method, permission.user == user else {
      return nil
    }
    return permission.decision
  }

  func remember(_ permission: Permission) { self.permission = permission }

  /// Where it goes by the table that was the event loop's `epoch`th.
  func destination(in epoch: Int) -> Destination? {
    guard let destination, destination.epoch == epoch else { return nil }
    return destination
  }

  func remember(_ destination: Destination) { self.destination = destination }

  /// Lets go of what belongs to a table.
  func forgetDestination() { destination = nil }
}
