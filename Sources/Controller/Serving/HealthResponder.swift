import HTTP
import Synchronization

/// Whether the controller has published what it knows; told by the controller, asked by kubelet.
final class ControllerReadiness: Sendable {
  private let isReady = Atomic<Bool>(false)

  var value: Bool { isReady.load(ordering: .acquiring) }
  func set(_ ready: Bool) { isReady.store(ready, ordering: .releasing) }
}

/// `/healthz`, `/livez` and `/readyz` for probes, by plain HTTP.
final class HealthResponder: Responder {
  private let readiness: ControllerReadiness

  init(readiness: ControllerReadiness) { self.readiness = readiness }

  func respond(to request: RequestHead, on connection: ConnectionContext) async -> Response {
    guard request.method == .get || request.method == .head else { return .text(405, "method not allowed\n") }
    switch String(decoding: request.path, as: UTF8.self) {
    case "/healthz", "/livez": return .text(200, "ok")
    case "/readyz":
      return readiness.value ? .text(200, "ok") : .text(503, "no routing table has been published yet\n")
    default: return .text(404, "not found\n")
    }
  }
}
