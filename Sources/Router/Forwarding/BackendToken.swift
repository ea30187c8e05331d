import Kubernetes
import Options
import Telemetry

/// Where the token for backends comes from: a file, a ServiceAccount of its own, or the server's own credentials. Keeps
/// ``BackendCredentials`` fresh.
struct BackendToken: Sendable {
  /// The condition of readiness that is met once there is a token, where one is asked for.
  static let condition = "backend-token"
  /// The token on disk is renewed by kubelet long before it expires.
  private static let readInterval = Duration.seconds(30)

  enum Source: Sendable {
    case none
    /// Is read again and again.
    case read(CredentialSource)
    case requested(RequestedToken)
  }

  let source: Source

  /// Throws where the flags name a ServiceAccount whose token cannot be asked for. `control` is the way to the API server;
  /// nil where there is none.
  init(_ access: BackendAccess, _ control: ControlPlane?) throws(StartError) {
    if let account = access.account {
      guard let control else {
        throw StartError(
          "--backend-service-account \(account) needs an API server: give --kubeconfig, or --backend-token-file")
      }
      do throws(ConfigurationError) {
        let name = try ServiceAccountName(
          namespace: account.namespace, name: account.name, inherited: control.configuration.namespace)
        source = .requested(RequestedToken(of: name, client: control.client))
      } catch {
        throw StartError("--backend-service-account: \(error)")
      }
    } else if let path = access.tokenFile {
      source = .read(CredentialSource(.tokenFile(RereadFile(path))))
    } else {
      source = control.map { .read($0.configuration.credentials) } ?? .none
    }
  }

  init(source: Source) { self.source = source }

  /// Nil where none is asked for.
  var requested: RequestedToken? { if case .requested(let token) = source { token } else { nil } }

  /// What workers take the token from; nothing is in it before ``keepFresh(_:_:readiness:logger:)``.
  func makeCredentials() -> BackendCredentials {
    guard let requested else { return BackendCredentials() }
    let credentials = BackendCredentials { requested.refused() }
    credentials.withhold("it has not been asked for yet")
    return credentials
  }

  /// Reads a token once before it returns, so that a server that cannot does not start; one that is asked for may come later,
  /// for the API server may be away. The task renews it until it is cancelled.
  func keepFresh(
    _ credentials: BackendCredentials, _ metrics: BackendTokenMetrics, readiness: Readiness, logger: Logger
  ) async throws(StartError) -> Task<Void, Never> {
    switch source {
    case .none: return Task {}
    case .requested(let token):
      return Task {
        await token.run { change in
          metrics.observe(change)
          change.notice?.log(to: logger)
          switch change.token {
          case .success(let token):
            credentials.replace(token)
            readiness.meet(Self.condition)
          case .failure(let error): credentials.withhold("\(error)")
          }
        }
      }
    case .read(let source):
      do throws(ConfigurationError) {
        credentials.replace(try await source.bearerToken())
      } catch {
        throw StartError("the token for backends: \(error)")
      }
      return Task {
        while !Task.isCancelled {
          try? await Task.sleep(for: Self.readInterval)
          do throws(ConfigurationError) {
            credentials.replace(try await source.bearerToken())
          } catch {
            logger.error("the token for backends could not be read again, the last one stays in use: \(error)")
          }
        }
      }
    }
  }
}
