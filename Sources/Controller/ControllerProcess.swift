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
  private let backendToken: BackendToken
  /// Nil where this process is alone.
  private let elector: LeaderElector?
  /// Nil where others look after the serving certificate.
  private let certificates: CertificateKeeper?
  private let publisher: Publisher
  private let transport: CurlTransport
  private let endpoints: Endpoints
  private let readiness: ControllerReadiness
  private let shadowWatch: ShadowWatch?

  static func start(_ options: ControllerOptions, _ logger: Logger) async throws(StartError) -> ControllerProcess {
    let registry = MetricsRegistry()
    let leadership = options.sources == nil && options.leaderElection.isEnabled ? Leadership() : .always
    let (metrics, leadershipMetrics) = register(in: registry, leadership)
    let transport: CurlTransport
    do throws(TransportError) { transport = try CurlTransport() } catch { throw StartError(description: "\(error)") }
    let configuration = try clusterConfiguration(options)
    let client = configuration.map { KubernetesClient($0, transport: transport, userAgent: userAgent) }
    let backendToken = try BackendToken(options, configuration, client, registry, logger)
    let backends = Controller.Backends(
      ports: PortResolver(
        client: client, connectTo: options.backends.connectTo,
        allowsExternalNames: options.backends.allowsExternalNames),
      discovery: BackendDiscovery(
        transport: transport, credentials: backendToken.credentials,
        defaultAuthority: try backendAuthority(options), connectTo: options.backends.connectTo,
        userAgent: userAgent, metrics: metrics))
    let elector = try elector(options, configuration, client, leadership, leadershipMetrics, logger)
    let publisher = Publisher(path: options.snapshot, writer: userAgent, metrics: metrics, logger: logger)
    let controller = Controller(
      provider: provider(options, client, metrics, logger), backends: backends, publisher: publisher,
      reporter: reporter(options, client, leadership, logger),
      eventReporter: eventReporter(options, client, leadership, logger),
      resyncInterval: options.resyncInterval, retention: Retention(period: options.metricRetention),
      concurrentSyncs: options.concurrentSyncs, isLeading: elector == nil, metrics: metrics, logger: logger)
    let readiness = ControllerReadiness()
    let endpoints = try await Endpoints.start(options, readiness, registry)
    logger.info(
      "started: MetricsSources from \(configuration.map { "\($0)" } ?? "folder \(options.sources ?? "")"), version \(BuildVersion.version)"
    )
    return ControllerProcess(
      options: options, logger: logger, controller: controller, backendToken: backendToken, elector: elector,
      certificates: certificates(options, client, transport, leadership, registry, logger), publisher: publisher,
      transport: transport, endpoints: endpoints, readiness: readiness,
      shadowWatch: ShadowWatch(
        options.serverStatusAddress, transport: transport, userAgent: userAgent, logger: logger))
  }

  /// The metrics that this process has whatever its flags are.
  static func register(
    in registry: MetricsRegistry, _ leadership: Leadership
  ) -> (ControllerMetrics, LeadershipMetrics) {
    ProcessMetrics.register(in: registry, version: BuildVersion.version, component: ControllerOptions.program)
    return (ControllerMetrics(in: registry), LeadershipMetrics(in: registry, leadership))
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

  private static func elector(
    _ options: ControllerOptions, _ configuration: ClusterConfiguration?, _ client: KubernetesClient?,
    _ leadership: Leadership, _ metrics: LeadershipMetrics, _ logger: Logger
  ) throws(StartError) -> LeaderElector? {
    let election = options.leaderElection
    guard let client, election.isEnabled else { return nil }
    return LeaderElector(
      client: client, candidacy: try election.candidacy(inherited: configuration?.namespace), timing: election.timing,
      leadership: leadership, metrics: metrics, logger: logger)
  }

  private static func certificates(
    _ options: ControllerOptions, _ client: KubernetesClient?, _ transport: CurlTransport, _ leadership: Leadership,
    _ registry: MetricsRegistry, _ logger: Logger
  ) -> CertificateKeeper? {
    guard let client, let secret = options.certificates.secret else { return nil }
    return CertificateKeeper(
      options.certificates, secret: secret, client: client,
      probe: ServerProbe(transport: transport, userAgent: userAgent, options: options.certificates),
      leadership: leadership, metrics: CertificateMetrics(in: registry), logger: logger)
  }

  private static func reporter(
    _ options: ControllerOptions, _ client: KubernetesClient?, _ leadership: Leadership, _ logger: Logger
  ) -> any StatusReporter {
    if let client {
      return ClusterStatusReporter(client: client, group: options.apiGroup, leadership: leadership)
    }
    return FileStatusReporter(path: FileContent.folder(of: options.snapshot) + "/status.json", logger: logger)
  }

  private static func eventReporter(
    _ options: ControllerOptions, _ client: KubernetesClient?, _ leadership: Leadership, _ logger: Logger
  ) -> any EventReporter {
    if let client {
      return ClusterEventReporter(client: client, group: options.apiGroup, leadership: leadership)
    }
    return LogEventReporter(logger: logger)
  }

  /// Works until SIGTERM or SIGINT.
  func run(until signals: AsyncStream<Int32>) async {
    let (controller, elector, readiness, shadowWatch) = (controller, elector, readiness, shadowWatch)
    let certificates = certificates
    let certifying = Task { await certificates?.run() }
    let backendToken = backendToken
    let renewing = Task { await backendToken.run() }
    let reconciling = Task { await controller.run() }
    let electing = Task { await elector?.run { await controller.lead($0) } }
    let observing = Task {
      while !Task.isCancelled {
        readiness.set(await controller.isReady)
        try? await Task.sleep(for: Self.readinessInterval)
      }
    }
    let watching = Task {
      await shadowWatch?.run(
        isWanted: { await controller.hasShadows }, tell: { await controller.shadowSummariesChanged($0) })
    }
    for await signal in signals where signal != SIGHUP {
      logger.info("received \(signal == SIGINT ? "SIGINT" : "SIGTERM"), shutting down")
      break
    }
    readiness.set(false)
    observing.cancel()
    watching.cancel()
    reconciling.cancel()
    certifying.cancel()
    await controller.stop()
    await certifying.value
    renewing.cancel()
    // Nothing is written any more: another replica may.
    electing.cancel()
    await electing.value
    await elector?.resign()
    await publisher.close()
    await endpoints.stop()
    await transport.shutdown()
    logger.info("stopped")
  }
}
