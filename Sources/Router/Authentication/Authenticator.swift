import EventLoop
import HTTP
import Kubernetes
import MetricsAPI
import Routing
import TLS

/// Finds out who a caller is, in the order of a delegating API server: front proxy, client certificate, bearer token,
/// anonymous. A failure in one step does not stop the later ones; where none succeeds and one failed, the caller is
/// refused. Belongs to one event loop.
final class Authenticator {
  /// A caller who could not be identified, and why; only the log learns that.
  struct Refusal: Error {
    var reasons: [String]
  }

  /// What is known of the certificate of a connection under one version of the configuration.
  private final class CertificateVerdict {
    let version: DelegatedConfigurationHolder.Version
    let isFrontProxy: Bool
    /// A certificate that is valid now need not be so for as long as its connection lives.
    let validUntil: MonotonicTime
    let user: UserInfo?
    let failure: String?

    init(
      version: DelegatedConfigurationHolder.Version, validUntil: MonotonicTime, isFrontProxy: Bool, user: UserInfo?,
      failure: String?
    ) {
      self.version = version
      self.validUntil = validUntil
      self.isFrontProxy = isFrontProxy
      self.user = user
      self.failure = failure
    }
  }

  private let configuration: DelegatedConfigurationHolder
  private let client: any APIClient
  private let loop: EventLoop
  private let tokenLifetime: Duration
  /// Keyed by the token's SHA-256, which is shorter and no secret; nil for one that the API server refused.
  private let tokens = ReviewCache<[UInt8], UserInfo?, APIError>(capacity: 4096)
  /// In bytes; anybody may send tokens, and each takes a place in the cache.
  private static let maximumToken = 16 * 1024
  private static let verdictLifetime = Duration.seconds(60)

  init(configuration: DelegatedConfigurationHolder, client: any APIClient, loop: EventLoop, tokenLifetime: Duration) {
    self.configuration = configuration
    self.client = client
    self.loop = loop
    self.tokenLifetime = tokenLifetime
  }

  func authenticate(_ request: RequestHead, on connection: ConnectionContext) async throws(Refusal) -> UserInfo {
    var failures: [String] = []
    if !connection.clientCertificates.isEmpty, let version = configuration.current {
      let verdict = verdict(on: connection, version)
      if verdict.isFrontProxy, let user = FrontProxyIdentity.user(of: request.headers, version.configuration) {
        return user.authenticated
      }
      if let user = verdict.user { return user }
      if let failure = verdict.failure { failures.append(failure) }
    }
    let token = Self.bearerToken(request.headers)
    if let token, token.count > Self.maximumToken {
      failures.append("bearer token larger than \(Self.maximumToken) bytes")
    } else if let token, let digest = SHA256Digest.hexadecimal(token[...]) {
      do throws(APIError) {
        let lifetime = tokenLifetime
        let client = client
        let user = try await tokens.value(digest, loop: loop, lifetime: { _ in lifetime }) { () throws(APIError) in
          try await Self.review(token, client)
        }
        if let user { return user }
        failures.append("invalid bearer token")
      } catch {
        failures.append("TokenReview: \(error)")
      }
    } else if token != nil {
      failures.append("the bearer token's SHA-256 cannot be computed")
    }
    guard failures.isEmpty else { throw Refusal(reasons: failures) }
    return .anonymous
  }

  private func verdict(
    on connection: ConnectionContext, _ version: DelegatedConfigurationHolder.Version
  ) -> CertificateVerdict {
    if let known = connection.memory as? CertificateVerdict, known.version === version, loop.now < known.validUntil {
      return known
    }
    let verdict = Self.verify(connection.clientCertificates, version, now: loop.now)
    connection.memory = verdict
    return verdict
  }

  private static func verify(
    _ chain: [Certificate], _ version: DelegatedConfigurationHolder.Version, now: MonotonicTime
  ) -> CertificateVerdict {
    let secondsToExpiry = chain.map(\.secondsToExpiry).min() ?? 0
    let validUntil = now + min(verdictLifetime, .seconds(max(0, secondsToExpiry)))
    let configuration = version.configuration
    let name = chain[0].commonName
    var isFrontProxy = false
    if let authority = configuration.requestHeaderAuthority, authority.reasonToRefuse(clientChain: chain) == nil {
      isFrontProxy =
        configuration.allowedNames.isEmpty || configuration.allowedNames.contains { $0.hasSameBytes(as: name) }
    }
    var user: UserInfo?
    var failure: String?
    if let authority = configuration.clientAuthority {
      if let reason = authority.reasonToRefuse(clientChain: chain) {
        failure = "client certificate \(name): \(reason)"
      } else if name.isEmpty {
        failure = "client certificate without a common name"
      } else {
        user = UserInfo(name: name, groups: chain[0].organizations).authenticated
      }
    } else if !isFrontProxy {
      failure = "client certificate \(name): no authority to verify it"
    }
    return CertificateVerdict(
      version: version, validUntil: validUntil, isFrontProxy: isFrontProxy, user: user, failure: failure)
  }

  private static func review(_ token: [UInt8], _ client: any APIClient) async throws(APIError) -> UserInfo? {
    let status = try await client.review(token: String(decoding: token, as: UTF8.self))
    guard status.authenticated == true, let user = status.user else { return nil }
    return UserInfo(
      name: user.username ?? "", uid: user.uid ?? "", groups: user.groups ?? [], extra: user.extra ?? [:]
    ).authenticated
  }

  /// The token of `Authorization: Bearer …` (the scheme in any case), or nil.
  static func bearerToken(_ headers: HeaderBlock) -> [UInt8]? {
    guard let value = headers.first("authorization") else { return nil }
    let scheme = "bearer ".utf8
    guard value.count > scheme.count, zip(value, scheme).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) else { return nil }
    let token = value.dropFirst(scheme.count).drop { $0 == 0x20 }
    // A copy: a slice would keep the whole request alive for as long as the cache keeps the token.
    return token.isEmpty ? nil : Array(token)
  }
}
