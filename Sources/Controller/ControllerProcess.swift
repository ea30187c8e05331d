import EventLoop
import FoundationEssentials
import Glibc
import HTTP
import Kubernetes
import Options
import Telemetry

/// Why the controller cannot start, with what to do about it.
struct StartError: Error, CustomStringConvertible {
  var description: String
}

/// The running controller with all that it is made of.
struct ControllerProcess {
  static let userAgent = "\(ControllerOptions.program)/\(BuildVersion.version)"
  private static let readinessInterval = Duration.milliseconds(200)

  private let options: ControllerOptions
  private let logger: Logger
  private let controller: Controller
  private let publisher: Publisher
  private let transport: CurlTransport
  private let health: (loop: EventLoop, server: HTTPServer)
  private let readiness: ControllerReadiness

  static func start(_ options: ControllerOptions, _ logger: Logger) async throws(StartError) -> ControllerProcess {
    let transport: CurlTransport
    do throws(TransportError) { transport = try CurlTransport() } catch { throw StartError(description: "\(error)") }
    let configuration = try clusterConfiguration(options)
    let client = configuration.map { KubernetesClient($0, transport: transport, userAgent: userAgent) }
    let token = options.backendTokenFile.map { CredentialSource(.tokenFile(RereadFile($0))) }
    let backends = Controller.Backends(
      ports: PortResolver(client: client),
      discovery: BackendDiscovery(
        transport: transport, credentials: token ?? configuration?.credentials,
        defaultAuthority: try backendAuthority(options), connectTo: options.connectTo.map(\.description),
        userAgent: userAgent))
    let publisher = Publisher(path: options.snapshot, writer: userAgent, logger: logger)
    let controller = Controller(
      provider: provider(options, client, logger), backends: backends, publisher: publisher,
      reporter: reporter(options, client, logger), resyncInterval: options.resyncInterval,
      concurrentSyncs: options.concurrentSyncs, logger: logger)
    let readiness = ControllerReadiness()
    let health = try await serveHealth(options, readiness)
    logger.info(
      "started: MetricsSources from \(configuration.map { "\($0)" } ?? "folder \(options.sources ?? "")"), version \(BuildVersion.version)"
    )
    return ControllerProcess(
      options: options, logger: logger, controller: controller, publisher: publisher, transport: transport,
      health: health, readiness: readiness)
  }

  private static func clusterConfiguration(
    _ options: ControllerOptions
  ) throws(StartError) -> ClusterConfiguration? {
    guard options.sources == nil else { return nil }
    do throws(ConfigurationError) {
      return try ClusterConfiguration.load(kubeconfigFlag: options.kubeconfig, environment: Environment.variables())
    } catch {
      throw StartError(description: "\(error); or give --sources to run without a cluster")
    }
  }

  private static func backendAuthority(_ options: ControllerOptions) throws(StartError) -> PEMSource? {
    let inCluster = ClusterConfiguration.serviceAccountFolder + "/ca.crt"
    guard let path = options.backendCAFile ?? (access(inCluster, R_OK) == 0 ? inCluster : nil) else { return nil }
    let authority = PEMSource.file(RereadFile(path))
    do throws(ConfigurationError) {
      _ = try authority.bytes()
      return authority
    } catch {
      throw StartError(description: "--backend-ca-file \(error)")
    }
  }

  private static func provider(
    _ options: ControllerOptions, _ client: KubernetesClient?, _ logger: Logger
  ) -> any SourceProvider {
    let onTrouble: @Sendable (String) -> Void = { logger.warning("\($0)") }
    if let client { return ClusterSources(client: client, group: options.apiGroup, onTrouble: onTrouble) }
    return FolderSources(folder: options.sources ?? ".", group: options.apiGroup, onTrouble: onTrouble)
  }

  private static func reporter(
    _ options: ControllerOptions, _ client: KubernetesClient?, _ logger: Logger
  ) -> any StatusReporter {
    if let client { return ClusterStatusReporter(client: client, group: options.apiGroup) }
    return FileStatusReporter(path: FileContent.folder(of: options.snapshot) + "/status.json", logger: logger)
  }

  private static func serveHealth(
    _ options: ControllerOptions, _ readiness: ControllerReadiness
  ) async throws(StartError) -> (loop: EventLoop, server: HTTPServer) {
    let (host, port) = (options.healthAddress.host, options.healthAddress.port)
    guard let address = ListeningSocket.address(for: host, port: port) else {
      throw StartError(description: "--health-bind-address \(options.healthAddress): \(host) is not an IP address")
    }
    do throws(SystemError) {
      try ListeningSocket.checkIsFree(address)
      let loop = try EventLoop(name: "health")
      let server = HTTPServer(loop: loop, tls: nil) { _ in HealthResponder(readiness: readiness) }
      _ = try await server.start(address)
      return (loop, server)
    } catch {
      throw StartError(description: "\(error); choose another address by --health-bind-address")
    }
  }

  /// Works until SIGTERM or SIGINT.
  func run(until signals: AsyncStream<Int32>) async {
    let (controller, readiness) = (controller, readiness)
    let reconciling = Task { await controller.run() }
    let observing = Task {
      while !Task.isCancelled {
        readiness.set(await controller.isReady)
        try? await Task.sleep(for: Self.readinessInterval)
      }
    }
    for await signal in signals where signal != SIGHUP {
      logger.info("received \(signal == SIGINT ? "SIGINT" : "SIGTERM"), shutting down")
      break
    }
    readiness.set(false)
    observing.cancel()
    reconciling.cancel()
    await controller.stop()
    await publisher.close()
    await health.server.drain(until: .now() + .seconds(2))
    health.loop.stop()
    await transport.shutdown()
    logger.info("stopped")
  }
}
