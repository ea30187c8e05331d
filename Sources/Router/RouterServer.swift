import EventLoop
import Glibc
import HTTP
import Kubernetes
import TLS
import Telemetry

/// The running server: one event loop for each core, all listening on one port, and beside them the tasks that keep the
/// routing table, the delegated configuration and the token for backends fresh.
struct RouterServer: Sendable {
  private struct Worker: Sendable {
    var loop: EventLoop
    var server: HTTPServer
  }

  private let options: RouterOptions
  private let logger: Logger
  private let readiness: Readiness
  private let workers: [Worker]
  private let background: [Task<Void, Never>]
  private let control: ControlPlane?
  private let endpoints: [PlainEndpoint]

  static func start(_ options: RouterOptions, _ logger: Logger) async throws(StartError) -> RouterServer {
    let control = try ControlPlane.connect(options, logger)
    let token = try BackendToken(options.backends.access, control)
    let readiness = Readiness(
      conditions: ["listeners", "routing-table"] + (options.anonymousAuth ? [] : ["delegated-authentication"])
        + (token.requested == nil ? [] : [BackendToken.condition]))
    let tables = TableHolder()
    let inFlight = InFlight(limit: options.limits.requestsInFlight)
    let metrics = RouterMetrics(tables: tables, inFlight: inFlight)
    let certificates = try ServingCertificates(options.secureServing, logger) { metrics.certificateReloaded($0) }
    metrics.describe(certificates)
    let delegated = DelegatedConfigurationHolder()
    var clients: DelegatedClients?
    if !options.anonymousAuth, let control { clients = try .connect(options.authentication, control) }
    let answerMemory = AnswerMemory(limit: options.limits.answerBytes(memory: ContainerLimits.memory()))
    answerMemory.describe(in: metrics.registry)
    let shared = SharedState(
      tables: tables, readiness: readiness, delegated: delegated, credentials: token.makeCredentials(),
      access: clients.map { clients in
        DelegatedAccess(
          authentication: clients.authentication, authorization: clients.authorization, configuration: delegated,
          options: options.authentication, observer: metrics.reviews, logger: logger)
      },
      dialling: try Dialling.make(options), resolver: NameResolver(), options: options,
      inFlight: inFlight, documentsInFlight: InFlight(limit: inFlight.limit), metrics: metrics,
      shadowGate: ShadowGate(options.shadows),
      workers: options.lifecycle.workers > 0
        ? options.lifecycle.workers : min(LifecycleOptions.workersAtMost, ContainerLimits.processors()),
      answerMemory: answerMemory,
      logger: logger)
    var background = [
      shared.watchSnapshot(), shared.watchBackendAuthorities(), Task { await certificates.keepFresh() },
    ]
    if let clients { background.append(try shared.watchConfiguration(clients.authentication)) }
    background.append(
      try await token.keepFresh(
        shared.credentials, BackendTokenMetrics(in: metrics.registry, of: token.requested), readiness: readiness,
        logger: logger))
    let endpoints = [
      try await PlainEndpoint.metrics(options.telemetry.metricsAddress, metrics.registry, logger),
      try await PlainEndpoint.status(options.telemetry.statusAddress, shared),
    ].compactMap { $0 }
    let workers = try await startWorkers(shared, certificates)
    return RouterServer(
      options: options, logger: logger, readiness: readiness, workers: workers, background: background,
      control: control, endpoints: endpoints)
  }

  /// For all workers together.
  private static func maximumConnections(_ options: LimitOptions) -> Int {
    var bound = rlimit()
    let isKnown = getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &bound) == 0
    return options.maximumConnections(
      descriptors: isKnown ? Int(clamping: bound.rlim_cur) : 1024, memory: ContainerLimits.memory())
  }

  private static func startWorkers(
    _ shared: SharedState, _ certificates: ServingCertificates
  ) async throws(StartError) -> [Worker] {
    let options = shared.options
    guard
      var address = ListeningSocket.address(
        for: options.secureServing.bindAddress, port: options.secureServing.port)
    else {
      throw StartError("--bind-address \(options.secureServing.bindAddress) is not an IP address")
    }
    let count = shared.workers
    var configuration = HTTPServer.Configuration()
    configuration.maximumConnections = max(1, maximumConnections(options.limits) / count)
    configuration.maximumStreams = options.secureServing.streamsPerConnection
    configuration.maximumHeaderBytes = options.limits.headerBytes
    configuration.handshakeTimeout = options.limits.handshakeTimeout
    configuration.headerTimeout = options.limits.headerTimeout
    configuration.idleTimeout = options.limits.idleTimeout
    configuration.writeTimeout = options.limits.writeTimeout
    configuration.unsent = shared.answerMemory.unsent
    configuration.observer = shared.metrics.connections
    var workers: [Worker] = []
    do throws(SystemError) {
      try ListeningSocket.checkIsFree(address)
      for index in 0..<count {
        let loop = try EventLoop(name: "worker-\(index)")
        let server = HTTPServer(loop: loop, configuration: configuration, tls: { certificates.current }) { loop in
          shared.makeResponder(loop)
        }
        // With port 0 the first worker's is taken by the others.
        address = try await server.start(address)
        workers.append(Worker(loop: loop, server: server))
      }
    } catch {
      throw StartError("\(error); another process may be using the port: choose one by --secure-port")
    }
    shared.readiness.meet("listeners")
    shared.logger.info("serving on https://\(address) with \(count) workers, version \(BuildVersion.version)")
    return workers
  }

  /// Serves until SIGTERM or SIGINT, then fails readiness, waits, and lets what is under way end. A second signal ends the
  /// process at once.
  func run(until signals: AsyncStream<Int32>) async {
    for await signal in signals where signal != SIGHUP {
      logger.info("received \(signal == SIGINT ? "SIGINT" : "SIGTERM"), shutting down")
      break
    }
    let impatience = Task.detached { [logger] in
      for await signal in signals where signal != SIGHUP {
        logger.warning("received a second signal, exiting at once")
        logger.flush()
        exit(1)
      }
    }
    readiness.beginShutdown()
    try? await Task.sleep(for: options.lifecycle.shutdownDelay)
    let deadline = MonotonicTime.now() + options.lifecycle.shutdownTimeout
    let cutOff = await withTaskGroup(of: Int.self) { group in
      for worker in workers { group.addTask { await worker.server.drain(until: deadline) } }
      return await group.reduce(0, +)
    }
    for task in background { task.cancel() }
    for worker in workers { worker.loop.stop() }
    for endpoint in endpoints { await endpoint.stop(by: deadline) }
    await control?.transport.shutdown()
    impatience.cancel()
    if cutOff > 0 { logger.warning("\(cutOff) connections were cut off at the end of --shutdown-timeout") }
    logger.info("stopped")
  }
}
