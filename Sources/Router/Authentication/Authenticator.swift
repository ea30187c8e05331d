import EventLoop
import HTTP
import TLS

/// Finds out who a caller is, in the order of a delegating API server: front proxy, client certificate, bearer token,
/// anonymous (`k8s.io/apiserver/pkg/authentication/authenticatorfactory/delegating.go`). A failure in one step does not
/// stop the later ones; where none succeeds and one failed, the caller is refused. Belongs to one event loop.
final class Authenticator {
  /// A caller who could not be identified.
  struct Refusal: Error {
    /// Only the log learns them.
    var reasons: [String]
    /// Whether it may be otherwise in a moment, since a token could not be reviewed for lack of room.
    var isOverloaded = false

    var response: Response { isOverloaded ? StatusResponse.tooManyReviews() : StatusResponse.unauthorized() }
  }

  private let configuration: DelegatedConfigurationHolder
  private let reviews: TokenReviews
  private let cache: TokenReviews.Cache
  private let loop: EventLoop

  init(configuration: DelegatedConfigurationHolder, reviews: TokenReviews, loop: EventLoop) {
    self.configuration = configuration
    self.reviews = reviews
    self.loop = loop
    cache = reviews.makeCache(loop)
  }

  func authenticate(_ request: RequestHead, on connection: ConnectionContext) async throws(Refusal) -> UserInfo {
    let known = ConnectionIdentity.of(connection)
    var refusal = Refusal(reasons: [])
    if !connection.clientCertificates.isEmpty, let version = configuration.current {
      let verdict = verdict(on: connection.clientCertificates, version, known)
      if let user = Self.certified(request.headers, verdict, &refusal) { return user }
    }
    if let field = request.headers.first("authorization") {
      if let user = known.user(of: field, at: loop.now) {
        cache.countHit()
        return user
      }
      if let user = await bearer(field, known, &refusal) { return user }
    }
    guard refusal.reasons.isEmpty else { throw refusal }
    return .anonymous
  }

  // MARK: Certificates

  private func verdict(
    on chain: [Certificate], _ version: DelegatedConfigurationHolder.Version, _ known: ConnectionIdentity
  ) -> CertificateVerdict {
    if let verdict = known.verdict, verdict.version === version, loop.now < verdict.validUntil { return verdict }
    let verdict = CertificateVerdict(chain, version, at: loop.now)
    known.verdict = verdict
    return verdict
  }

  /// The user that the front proxy speaks for, else the one whose certificate it is.
  private static func certified(
    _ headers: HeaderBlock, _ verdict: CertificateVerdict, _ refusal: inout Refusal
  ) -> UserInfo? {
    if verdict.frontProxy == .trusted, let configuration = verdict.version.configuration.requestHeader {
      if let last = verdict.proxied, last.isSame(headers, configuration) { return last.user }
      do throws(AmbiguousExtraKey) {
        if let user = try FrontProxyIdentity.user(of: headers, configuration) {
          verdict.proxied = ProxiedUser(user, headers, configuration)
          return user
        }
      } catch {
        refusal.reasons.append("\(error)")
      }
    }
    if let user = verdict.user { return user }
    for case .refused(let reason) in [verdict.frontProxy, verdict.client] { refusal.reasons.append(reason) }
    return nil
  }

  // MARK: Tokens

  private func bearer(
    _ field: ArraySlice<UInt8>, _ known: ConnectionIdentity, _ refusal: inout Refusal
  ) async -> UserInfo? {
    guard let token = BearerToken.token(of: field) else { return nil }
    guard token.count <= TokenReviews.maximumToken else {
      refusal.reasons.append("bearer token larger than \(TokenReviews.maximumToken) bytes")
      return nil
    }
    guard let digest = reviews.digest(token) else {
      refusal.reasons.append("the bearer token's SHA-256 cannot be computed")
      return nil
    }
    do throws(ReviewFailure) {
      let remembered = try await reviews.user(token, digest: digest, cache)
      if let user = remembered.answer {
        known.remember(field, user, expires: remembered.expires)
        return user
      }
      refusal.reasons.append("invalid bearer token")
    } catch {
      refusal.reasons.append("TokenReview: \(error)")
      refusal.isOverloaded = error == .overloaded
    }
    return nil
  }
}
