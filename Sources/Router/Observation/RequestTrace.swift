import EventLoop
import MetricsAPI

/// What is remembered of a request until it is answered: for its log line and for counting.
struct RequestTrace {
  let id: String
  let startedAt: MonotonicTime
  var groupVersion: MetricsGroupVersion?
  /// The metrics source that was asked, if one was.
  var source: Backend?
  /// How long that took.
  var backendDuration: Duration?
  /// The name of the caller, once known.
  var user = ""
  /// Whether the caller is nobody in particular, or not let in at all.
  var isUnidentified = false
}
