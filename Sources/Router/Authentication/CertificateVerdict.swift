import EventLoop
import MetricsAPI
import TLS

/// What a client's certificate is worth under one version of the configuration
/// (`k8s.io/apiserver/pkg/authentication/request/x509`): to the front proxies' authority and to that of the users, each
/// for itself.
final class CertificateVerdict {
  /// What one of the authorities says.
  enum Opinion: Equatable {
    /// There is no such authority, or there is nobody for it to know.
    case none
    case trusted
    case refused(String)
  }

  /// A certificate that is valid now need not be so for as long as its connection lives.
  private static let lifetime = Duration.seconds(60)

  let version: DelegatedConfigurationHolder.Version
  let validUntil: MonotonicTime
  let frontProxy: Opinion
  let client: Opinion
  /// Whose certificate it is, where `client` trusts it.
  let user: UserInfo?
  /// Whom the front proxy last spoke for.
  var proxied: ProxiedUser?

  /// `chain` is what the client sent, its own certificate first.
  init(_ chain: [Certificate], _ version: DelegatedConfigurationHolder.Version, at now: MonotonicTime) {
    self.version = version
    let secondsToExpiry = chain.map(\.secondsToExpiry).min() ?? 0
    validUntil = now + min(Self.lifetime, .seconds(max(0, secondsToExpiry)))
    let name = chain[0].commonName
    frontProxy = Self.opinion(onFrontProxy: chain, name, version.configuration.requestHeader)
    guard let authority = version.configuration.clientAuthority else {
      client = .none
      user = nil
      return
    }
    if let reason = authority.reasonToRefuse(clientChain: chain) {
      client = .refused("client certificate \(name): \(reason)")
      user = nil
    } else {
      client = name.isEmpty ? .none : .trusted
      user = name.isEmpty ? nil : UserInfo(name: name, groups: chain[0].organizations).authenticated
    }
  }

  private static func opinion(
    onFrontProxy chain: [Certificate], _ name: String, _ configuration: RequestHeaderConfiguration?
  ) -> Opinion {
    guard let configuration else { return .none }
    if let reason = configuration.authority.reasonToRefuse(clientChain: chain) {
      return .refused("front proxy certificate \(name): \(reason)")
    }
    let isAllowed =
      configuration.allowedNames.isEmpty || configuration.allowedNames.contains { $0.hasSameBytes(as: name) }
    return isAllowed ? .trusted : .refused("front proxy certificate \(name): its name is not among those allowed")
  }
}
