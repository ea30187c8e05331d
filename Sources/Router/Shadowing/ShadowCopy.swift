import HTTP
import MetricsAPI
import Routing

/// A request that a source has answered, to be sent to a source that shadows it as well. Without a pin, as that one got it.
struct ShadowCopy: Sendable {
  let request: MetricRequest
  let query: MetricQuery
  /// What the caller would be told, in the version that it asked for.
  let answer: Response
  /// The name of the source that gave it.
  let of: String
  let shadow: RoutedSource
  /// As in the log line of the request.
  let requestID: String
}
