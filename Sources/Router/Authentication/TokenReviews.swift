import EventLoop
import Kubernetes
import Routing
import Synchronization
import Telemetry

/// Asks the API server whose token this is, for all workers (`k8s.io/apiserver/plugin/pkg/authenticator/token/webhook`
/// and `pkg/authentication/token/cache`).
///
/// A user and a refusal are remembered. That the API server says `error` is no refusal but a failure, which is not
/// remembered: it may be gone the next time. Save for one, by which it says no more than that nobody knows the token. No
/// audience is asked for, so that the token must be meant for the API server itself.
struct TokenReviews: Sendable {
  typealias Cache = ReviewCache<[UInt8], UserInfo?>

  /// In bytes; anybody may send tokens.
  static let maximumToken = 16 * 1024
  private static let invalidToken = "invalid bearer token"
  private static let bounds = ReviewTable<[UInt8], UserInfo?>.Bounds(entries: 16_384, bytes: 16 << 20)
  private static let workerBounds = ReviewTable<[UInt8], UserInfo?>.Bounds(entries: 4096, bytes: 4 << 20)

  private let client: any APIClient
  private let shared: SharedReviews<[UInt8], UserInfo?>
  private let regulars: RegularTokens
  /// Makes the digests of this process unlike those of any other.
  private let salt: [UInt8]

  init(client: any APIClient, lifetime: Duration, observer: (any ReviewObserver)? = nil) {
    self.client = client
    salt = (0..<32).map { _ in .random(in: .min ... .max) }
    regulars = RegularTokens()
    shared = SharedReviews(
      .init(
        kind: .token, lifetime: { _ in lifetime }, isSuccess: { $0 != nil },
        size: { digest, user in digest.count + (user?.bytes ?? 0) }),
      bounds: Self.bounds, observer: observer)
  }

  /// What one worker remembers, made on its loop.
  func makeCache(_ loop: EventLoop) -> Cache { Cache(shared, bounds: Self.workerBounds, loop: loop) }

  /// What stands for a token in memory: shorter, and no secret. Nil where OpenSSL cannot compute it.
  func digest(_ token: ArraySlice<UInt8>) -> [UInt8]? { SHA256Digest.hexadecimal(salt[...], token) }

  /// Whose token this is; nil where the API server knows nobody. `digest` is that of the token.
  func user(
    _ token: ArraySlice<UInt8>, digest: [UInt8], _ cache: Cache
  ) async throws(ReviewFailure) -> Cache.Remembered {
    let text = String(decoding: token, as: UTF8.self)
    let caller = regulars.caller(digest)
    return try await cache.answer(to: digest, caller: caller) { [client, regulars] () throws(ReviewFailure) in
      let status = try await ReviewRetry.ask { (timeout) throws(APIError) in
        try await client.review(token: text, timeout: timeout)
      }
      guard let user = try Self.user(status) else { return nil }
      regulars.insert(digest)
      return user
    }
  }

  static func user(_ status: TokenReview.Result) throws(ReviewFailure) -> UserInfo? {
    guard status.authenticated == true else {
      guard let error = status.error, !error.isEmpty, error != invalidToken else { return nil }
      throw .unanswered(error)
    }
    // Nobody has no name; a reviewer that says so has not understood the question.
    guard let user = status.user, let name = user.username, !name.isEmpty else {
      throw .unanswered("the review names no user")
    }
    return UserInfo(name: name, uid: user.uid ?? "", groups: user.groups ?? [], extra: user.extra ?? [:]).authenticated
  }
}

/// The tokens that were good not long ago. Their reviews need not share places with those of tokens that nobody has seen
/// before, which anybody can make up.
private final class RegularTokens: Sendable {
  private static let lifetime = Duration.seconds(3600)
  private static let strangers = 0

  private let table = Mutex(ReviewTable<[UInt8], Void>(.init(entries: 16_384, bytes: 4 << 20)))

  func insert(_ digest: [UInt8]) {
    let now = MonotonicTime.now()
    table.withLock { $0.insert(digest, (), size: digest.count, expires: now + Self.lifetime, at: now) }
  }

  /// Who asks, as ``ReviewGate`` counts them: a token that was good, or all the others together.
  func caller(_ digest: [UInt8]) -> Int {
    let isRegular = table.withLock { $0.answer(to: digest, at: .now()) != nil }
    return isRegular ? digest.hashValue | 1 : Self.strangers
  }
}
