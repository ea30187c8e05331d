import EventLoop
import HTTP
import Kubernetes
import Telemetry

/// What the workers have in common: each part is immutable, or replaced as a whole under a lock.
struct SharedState: Sendable {
  static let userAgent = "\(RouterOptions.program)/\(BuildVersion.version)"

  let tables: TableHolder
  let readiness: Readiness
  let delegated: DelegatedConfigurationHolder
  let credentials: BackendCredentials
  /// Nil where everybody is let in.
  let access: DelegatedAccess?
  let dialling: Dialling
  let resolver: NameResolver
  let options: RouterOptions
  let inFlight: InFlight
  let documentsInFlight: InFlight
  let metrics: RouterMetrics
  let shadowGate: ShadowGate
  let workers: Int
  let answerMemory: AnswerMemory
  let logger: Logger

  /// The responder of one worker, made on its loop.
  func makeResponder(_ loop: EventLoop) -> RouterResponder {
    let backends = BackendSet(
      loop: loop, resolver: resolver, dialling: dialling,
      limits: options.backends.limits(workers: workers, held: answerMemory.received),
      breaker: options.backends.breaker, metrics: metrics)
    let shadowing = Shadowing(
      loop: loop, pools: ShadowPools(loop: loop, resolver: resolver, dialling: dialling, limits: options.shadowLimits),
      gate: shadowGate, credentials: credentials, metrics: metrics.shadows, logger: logger, userAgent: Self.userAgent)
    return RouterResponder(
      tables: tables, readiness: readiness, inFlight: inFlight,
      documentsInFlight: documentsInFlight, unsent: answerMemory.unsent, access: access?.makeAccess(loop),
      forwarder: Forwarder(
        backends: backends, loop: loop, credentials: credentials, settings: options.backends.chain,
        shadowing: shadowing, metrics: metrics, logger: logger, userAgent: Self.userAgent),
      backends: backends, metrics: metrics, logger: logger)
  }

  func watchSnapshot() -> Task<Void, Never> {
    let reader = SnapshotReader(
      path: options.snapshot, tables: tables, readiness: readiness, discovery: options.discovery, metrics: metrics,
      logger: logger)
    return Task {
      do throws(SystemError) { try await reader.run() } catch { logger.error("cannot watch the snapshot: \(error)") }
    }
  }

  /// Keeps the delegated configuration as the flags, their files and the ConfigMap say.
  func watchConfiguration(_ client: KubernetesClient) throws(StartError) -> Task<Void, Never> {
    let sources = try DelegatedConfigurationSources(
      options.authentication, holder: delegated, readiness: readiness, logger: logger)
    return Task { await DelegatedConfigurationWatch(client: client, sources: sources, logger: logger).run() }
  }

  /// Exchanges the authorities of backends when their file changes; what cannot be used leaves the former in force.
  func watchBackendAuthorities() -> Task<Void, Never> {
    guard let file = Dialling.authorityFile(options.backends) else { return Task {} }
    return Task {
      do throws(SystemError) {
        // Read again at the first change of its folder, whether it is one of the file or not.
        try await file.watch(since: nil) { result in
          switch result {
          case .success(let content): dialling.defaultAuthorities.replace(pem: content.pem)
          case .failure(let error): logger.error("the authorities of backends stay as they are: \(error)")
          }
        }
      } catch {
        logger.error("cannot watch \(file.path), new authorities of backends will not be noticed: \(error)")
      }
    }
  }
}
