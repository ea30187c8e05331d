import EventLoop
import HTTP
import Options
import Telemetry

/// Something that the server tells by plain HTTP beside its secure port; on a loop of its own, so that it holds no request
/// up.
struct PlainEndpoint: Sendable {
  /// Of a scraper, of a person's browser; so few that they take no descriptors from the secure port.
  private static let maximumConnections = 100

  private let loop: EventLoop
  private let server: HTTPServer
  /// What goes on as long as it serves.
  private var background: Task<Void, Never>?

  /// Nil where `address`, which `flag` gave, is off. `shows` is what is logged of it.
  static func start(
    _ flag: String, _ address: BindAddress, shows: String, _ logger: Logger,
    makeResponder: @escaping @Sendable (EventLoop) -> any Responder
  ) async throws(StartError) -> PlainEndpoint? {
    guard case .at(let given) = address else { return nil }
    guard let wanted = ListeningSocket.address(for: given.host, port: given.port) else {
      throw StartError("\(flag) \(given): \(given.host) is not an IP address")
    }
    do throws(SystemError) {
      try ListeningSocket.checkIsFree(wanted)
      let loop = try EventLoop(name: String(flag.dropFirst(2).prefix(10)))
      var configuration = HTTPServer.Configuration()
      configuration.maximumConnections = maximumConnections
      let server = HTTPServer(loop: loop, configuration: configuration, tls: nil, makeResponder: makeResponder)
      let bound = try await server.start(wanted)
      logger.info("serving \(shows) on http://\(bound)")
      return PlainEndpoint(loop: loop, server: server)
    } catch {
      throw StartError("\(error); choose another address by \(flag), or 0 for none")
    }
  }

  /// `background` is cancelled when it stops.
  func with(_ background: Task<Void, Never>) -> PlainEndpoint {
    var endpoint = self
    endpoint.background = background
    return endpoint
  }

  func stop(by deadline: MonotonicTime) async {
    background?.cancel()
    await server.drain(until: deadline)
    loop.stop()
  }
}
