import EventLoop
import HTTP
import Options
import Telemetry

/// What the controller serves, by plain HTTP and on one loop: health to the kubelet, metrics to Prometheus.
struct Endpoints {
  private static let drainTime = Duration.seconds(2)

  private let loop: EventLoop
  private var servers: [HTTPServer] = []
  private(set) var healthAddress: SocketAddress?
  /// Nil where metrics are not served.
  private(set) var metricsAddress: SocketAddress?

  private init(loop: EventLoop) { self.loop = loop }

  /// Begins to answer where the options say.
  static func start(
    _ options: ControllerOptions, _ readiness: ControllerReadiness, _ registry: MetricsRegistry
  ) async throws(StartError) -> Endpoints {
    var endpoints: Endpoints
    do throws(SystemError) {
      endpoints = Endpoints(loop: try EventLoop(name: "endpoints"))
    } catch {
      throw StartError(description: "\(error)")
    }
    do throws(StartError) {
      endpoints.healthAddress = try await endpoints.serve("--health-bind-address", options.healthAddress) {
        HealthResponder(readiness: readiness)
      }
      if case .at(let address) = options.metricsAddress {
        endpoints.metricsAddress = try await endpoints.serve("--metrics-bind-address", address) {
          DocumentResponder(path: "/metrics", contentType: MetricsRegistry.contentType) { registry.render() }
        }
      }
    } catch {
      await endpoints.stop()
      throw error
    }
    return endpoints
  }

  private mutating func serve(
    _ flag: String, _ address: Address, responder: @escaping @Sendable () -> any Responder
  ) async throws(StartError) -> SocketAddress {
    guard let socketAddress = ListeningSocket.address(for: address.host, port: address.port) else {
      throw StartError(description: "\(flag) \(address): \(address.host) is not an IP address")
    }
    let server = HTTPServer(loop: loop, tls: nil) { _ in responder() }
    do throws(SystemError) {
      try ListeningSocket.checkIsFree(socketAddress)
      let bound = try await server.start(socketAddress)
      servers.append(server)
      return bound
    } catch {
      throw StartError(description: "\(error); choose another address by \(flag)")
    }
  }

  /// Lets each request that is under way end, and then the loop.
  func stop() async {
    let deadline = MonotonicTime.now() + Self.drainTime
    for server in servers { await server.drain(until: deadline) }
    loop.stop()
  }
}
