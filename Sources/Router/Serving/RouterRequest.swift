import HTTP
import MetricsAPI

/// A request as the router reads it, once: what is authorized, looked up and sent on all comes from here.
struct RouterRequest {
  let head: RequestHead
  let target: ReadTarget
  let presentation: Presentation

  /// Throws where the path could be read in two ways, or in none.
  init(_ head: RequestHead, targets: TargetMemo) throws(PathError) {
    self.head = head
    target = try targets.target(of: head)
    presentation = Presentation(head, pretty: target.pretty)
  }

  var path: RequestPath { target.path }

  /// The path of a health check, if it is one.
  var healthPath: String? {
    guard case .nonResource(let path) = path.endpoint, path == "/healthz" || path == "/livez" || path == "/readyz"
    else { return nil }
    return path
  }

  /// Whether there is nothing at its path for anybody.
  var namesNothing: Bool { path.endpoint == .unknown && OpenAPIPath(path.text) == nil }
}
