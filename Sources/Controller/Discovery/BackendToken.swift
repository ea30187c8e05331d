import Kubernetes
import Options
import Telemetry

/// The token that backends are shown when they are asked for their lists: of a file, of a ServiceAccount of its own, or the
/// process' own.
struct BackendToken: Sendable {
  /// Nil where there is none.
  let credentials: CredentialSource?
  private let requested: RequestedToken?
  private let metrics: BackendTokenMetrics
  private let logger: Logger

  /// Throws where the flags name a ServiceAccount whose token cannot be asked for.
  init(
    _ options: ControllerOptions, _ configuration: ClusterConfiguration?, _ client: (any APIClient)?,
    _ registry: MetricsRegistry, _ logger: Logger
  ) throws(StartError) {
    self.logger = logger
    let access = options.backends
    if let account = access.account {
      guard let client else {
        throw StartError(
          description: "--backend-service-account \(account) needs an API server, which --sources does without: give"
            + " --backend-token-file, or neither")
      }
      do throws(ConfigurationError) {
        let name = try ServiceAccountName(
          namespace: account.namespace, name: account.name, inherited: configuration?.namespace)
        requested = RequestedToken(of: name, client: client)
      } catch {
        throw StartError(description: "--backend-service-account: \(error)")
      }
    } else {
      requested = nil
    }
    credentials =
      requested.map { CredentialSource(.requested($0)) }
      ?? access.tokenFile.map { CredentialSource(.tokenFile(RereadFile($0))) } ?? configuration?.credentials
    metrics = BackendTokenMetrics(in: registry, of: requested)
  }

  /// Keeps the token fresh until its task is cancelled.
  func run() async {
    await requested?.run { [metrics, logger] change in
      metrics.observe(change)
      change.notice?.log(to: logger)
    }
  }
}
