import HTTP
import Telemetry

/// `/metrics` for Prometheus, by plain HTTP.
final class MetricsResponder: Responder {
  private let registry: MetricsRegistry

  init(registry: MetricsRegistry) { self.registry = registry }

  func respond(to request: RequestHead, on connection: ConnectionContext) async -> Response {
    guard request.path.elementsEqual("/metrics".utf8) else { return .text(404, "not found\n") }
    guard request.method == .get || request.method == .head else { return .text(405, "method not allowed\n") }
    return Response(status: 200, contentType: MetricsRegistry.contentType, body: registry.render())
  }
}
