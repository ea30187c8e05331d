import EventLoop
import FoundationEssentials
import Glibc
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
  private let endpoints: Endpoints
  private let readiness: ControllerReadiness
  private let shadowWatch: ShadowWatch?

  static func start(_ options: ControllerOptions, _ logger: Logger) async throws(StartError) -> ControllerProcess {
    let registry = MetricsRegistry()
    ProcessMetrics.register(in: registry, version: BuildVersion.version, component: ControllerOptions.program)
    let metrics = ControllerMetrics(in: registry)
    let transport: CurlTransport
    do throws(TransportError) { transport = try CurlTransport() } catch { throw StartError(description: "\(error)") }
    let configuration = try clusterConfiguration(options)
    let client = configuration.map { KubernetesClient($0, transport: transport, userAgent: userAgent) }
    let token = options.backends.tokenFile.map { CredentialSource(.tokenFile(RereadFile($0))) }
    let backends = Controller.Backends(
      ports: PortResolver(
        client: client, connectTo: options.backends.connectTo,
        allowsExternalNames: options.backends.allowsExternalNames),
      discovery: BackendDiscovery(
        transport: transport, credentials: token ?? configuration?.credentials,
        defaultAuthority: try backendAuthority(options), connectTo: options.backends.connectTo,
        userAgent: userAgent, metrics: metrics))
    let publisher = Publisher(path: options.snapshot, writer: userAgent, metrics: metrics, logger: logger)
    let controller = Controller(
      provider: provider(options, client, metrics, logger), backends: backends, publisher: publisher,
      reporter: reporter(options, client, logger), eventReporter: eventReporter(options, client, logger),
      resyncInterval: options.resyncInterval, retention: Retention(period: options.metricRetention),
      concurrentSyncs: options.concurrentSyncs, metrics: metrics, logger: logger)
    let readiness = ControllerReadiness()
    let endpoints = try await Endpoints.start(options, readiness, registry)
    logger.info(
      "started: MetricsSources from \(configuration.map { "\($0)" } ?? "folder \(options.sources ?? "")"), version \(BuildVersion.version)"
    )
    return ControllerProcess(
      options: options, logger: logger, controller: controller, publisher: publisher, transport: transport,
      endpoints: endpoints, readiness: readiness,
      shadowWatch: ShadowWatch(
        options.serverStatusAddress, transport: transport, userAgent: userAgent, logger: logger))
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
    guard let path = options.backends.caFile ?? (access(inCluster, R_OK) == 0 ? inCluster : nil) else { return nil }
    let authority = PEMSource.file(RereadFile(path))
    do throws(ConfigurationError) {
      _ = try authority.bytes()
      return authority
    } catch {
      throw StartError(description: "--backend-ca-file \(error)")
    }
  }

  private static func provider(
    _ options: ControllerOptions, _ client: KubernetesClient?, _ metrics: ControllerMetrics, _ logger: Logger
  ) -> any SourceProvider {
    let onTrouble: @Sendable (String) -> Void = { problem in
      metrics.watchProblem()
      logger.warning("\(problem)")
    }
    if let client { return ClusterSources(client: client, group: options.apiGroup, onTrouble: onTrouble) }
    return FolderSources(folder: options.sources ?? ".", group: options.apiGroup, onTrouble: onTrouble)
  }

  private static func reporter(
    _ options: ControllerOptions, _ client: KubernetesClient?, _ logger: Logger
  ) -> any StatusReporter {
    if let client { return ClusterStatusReporter(client: client, group: options.apiGroup) }
    return FileStatusReporter(path: FileContent.folder(of: options.snapshot) + "/status.json", logger: logger)
  }

  private static func eventReporter(
    _ options: ControllerOptions, _ client: KubernetesClient?, _ logger: Logger
  ) -> any EventReporter {
    if let client { return ClusterEventReporter(client: client, group: options.apiGroup) }
    return LogEventReporter(logger: logger)
  }

  /// Works until SIGTERM or SIGINT.
  func run(until signals: AsyncStream<Int32>) async {
    let (controller, readiness, shadowWatch) = (controller, readiness, shadowWatch)
    let reconciling = Task { await controller.run() }
    let observing = Task {
      while !Task.isCancelled {
        readiness.set(await controller.isReady)
        try? await Task.sleep(for: Self.readinessInterval)
      }
    }
    let watching = Task {
      await shadowWatch?.run(
        isWanted: { await controller.hasShadows }, tell: { await controller.take($0) })
    }
    for await signal in signals where signal != SIGHUP {
      logger.info("received \(signal == SIGINT ? "SIGINT" : "SIGTERM"), shutting down")
      break
    }
    readiness.set(false)
    observing.cancel()
    watching.cancel()
    reconciling.cancel()
    await controller.stop()
    await publisher.close()
    await endpoints.stop()
    await transport.shutdown()
    logger.info("stopped")
  }
}
