import EventLoop
import HTTP
import Kubernetes
import Telemetry

/// What the workers have in common: each part is immutable, or replaced as a whole under a lock.
struct SharedState: Sendable {
  static let userAgent = "\(RouterOptions.program)/\(BuildVersion.version)"
  /// The token on disk is renewed by kubelet long before it expires.
  private static let tokenInterval = Duration.seconds(30)

  let tables: TableHolder
  let readiness: Readiness
  let delegated: DelegatedConfigurationHolder
  let credentials: BackendCredentials
  /// Nil where everybody is let in.
  let client: KubernetesClient?
  let dialling: Dialling
  let resolver: NameResolver
  let options: RouterOptions
  let inFlight: InFlight
  let metrics: RouterMetrics
  let workers: Int
  let logger: Logger

  /// The responder of one worker, made on its loop.
  func makeResponder(_ loop: EventLoop) -> RouterResponder {
    let backends = BackendSet(
      loop: loop, resolver: resolver, dialling: dialling, limits: options.backends.limits(workers: workers),
      breaker: options.backends.breaker, metrics: metrics)
    let access = client.map { client in
      RouterResponder.Access(
        authenticator: Authenticator(
          configuration: delegated, client: client, loop: loop, tokenLifetime: options.tokenLifetime),
        authorizer: Authorizer(
          client: client, loop: loop, allowedLifetime: options.allowedLifetime,
          deniedLifetime: options.deniedLifetime))
    }
    return RouterResponder(
      tables: tables, readiness: readiness, inFlight: inFlight, access: access,
      forwarder: Forwarder(
        backends: backends, loop: loop, credentials: credentials, logger: logger, userAgent: Self.userAgent),
      backends: backends, metrics: metrics, logger: logger)
  }

  func watchSnapshot() -> Task<Void, Never> {
    let reader = SnapshotReader(
      path: options.snapshot, tables: tables, readiness: readiness, metrics: metrics, logger: logger)
    return Task {
      do throws(SystemError) { try await reader.run() } catch { logger.error("cannot watch the snapshot: \(error)") }
    }
  }

  /// Keeps the delegated configuration as the ConfigMap says; a content that cannot be used leaves the last good one.
  func watchConfiguration(_ client: KubernetesClient) -> Task<Void, Never> {
    Task {
      await DelegatedConfigurationWatch(client: client, holder: delegated, readiness: readiness, logger: logger).run()
    }
  }

  /// Reads the token for backends once before the server starts, then again and again.
  func renewCredentials(_ configuration: ClusterConfiguration?) async throws(StartError) -> Task<Void, Never> {
    let source =
      options.backends.tokenFile.map { CredentialSource(.tokenFile(RereadFile($0))) } ?? configuration?.credentials
    guard let source else { return Task {} }
    do throws(ConfigurationError) {
      credentials.replace(try await source.bearerToken())
    } catch {
      throw StartError("the token for backends: \(error)")
    }
    return Task {
      while !Task.isCancelled {
        try? await Task.sleep(for: Self.tokenInterval)
        do throws(ConfigurationError) {
          credentials.replace(try await source.bearerToken())
        } catch {
          logger.error("the token for backends could not be read again, the last one stays in use: \(error)")
        }
      }
    }
  }
}
