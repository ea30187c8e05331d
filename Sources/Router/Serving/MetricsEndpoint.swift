import EventLoop
import HTTP
import Options
import Telemetry

/// `/metrics` by plain HTTP, for a scraper beside the server; on a loop of its own, so that a scrape holds no request up.
struct MetricsEndpoint: Sendable {
  private let loop: EventLoop
  private let server: HTTPServer

  /// Nil where `address` is off.
  static func start(
    _ address: BindAddress, _ registry: MetricsRegistry, _ logger: Logger
  ) async throws(StartError) -> MetricsEndpoint? {
    guard case .at(let given) = address else { return nil }
    guard let wanted = ListeningSocket.address(for: given.host, port: given.port) else {
      throw StartError("--metrics-bind-address \(given): \(given.host) is not an IP address")
    }
    do throws(SystemError) {
      try ListeningSocket.checkIsFree(wanted)
      let loop = try EventLoop(name: "metrics")
      let server = HTTPServer(loop: loop, tls: nil) { _ in
        DocumentResponder(path: "/metrics", contentType: MetricsRegistry.contentType) { registry.render() }
      }
      let bound = try await server.start(wanted)
      logger.info("serving metrics on http://\(bound)/metrics")
      return MetricsEndpoint(loop: loop, server: server)
    } catch {
      throw StartError("\(error); choose another address by --metrics-bind-address, or 0 for none")
    }
  }

  func stop(by deadline: MonotonicTime) async {
    await server.drain(until: deadline)
    loop.stop()
  }
}
