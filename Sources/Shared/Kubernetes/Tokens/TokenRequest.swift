import FoundationEssentials

/// Asks the API server for a token of a ServiceAccount (authentication.k8s.io/v1, TokenRequest). Without audiences the
/// token is meant for the API server, as adapters that review it there expect. It cannot be bound to the pod, so that it
/// ends with it: the API server binds tokens to pods of the same ServiceAccount alone.
struct TokenRequest: Encodable {
  struct Spec: Encodable {
    var expirationSeconds: Int64
  }

  /// What of the answer counts.
  struct Answer: Decodable {
    struct Spec: Decodable {
      var expirationSeconds: Int64?
    }

    struct Status: Decodable {
      var token: String?
      var expirationTimestamp: String?
    }

    var spec: Spec?
    var status: Status?
  }

  var apiVersion = "authentication.k8s.io/v1"
  var kind = "TokenRequest"
  var spec: Spec
}

/// What the API server has granted. Its description tells no secret.
package struct GrantedToken: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
  package let text: String
  /// How long it is good from when it was asked for.
  package let lifetime: Duration

  package init(text: String, lifetime: Duration) {
    self.text = text
    self.lifetime = lifetime
  }

  package var description: String { "token for \(lifetime)" }
  package var debugDescription: String { description }

  /// When a clock is so far from that of the API server that what it says of an end is worth nothing. The API grants no
  /// token for less than ten minutes.
  private static let leastBelieved = 60.0

  /// How long the token of an answer is good. The API server writes into the answer how many seconds it has granted, which
  /// may be fewer than were asked for, and when they end by its own clock; where the clock here says that this is sooner,
  /// that counts, unless it says that the end is past already.
  init?(_ answer: TokenRequest.Answer, now: Date) {
    // No more than what fits into a header field.
    guard let text = answer.status?.token, !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      return nil
    }
    let granted = answer.spec?.expirationSeconds.map(Double.init)
    let left = answer.status?.expirationTimestamp.flatMap { try? Date($0, strategy: .iso8601) }?.timeIntervalSince(now)
    switch (granted, left) {
    case (let granted?, let left?) where left >= Self.leastBelieved: lifetime = .seconds(min(granted, left))
    case (let granted?, _): lifetime = .seconds(granted)
    case (nil, let left?): lifetime = .seconds(left)
    case (nil, nil): return nil
    }
    self.text = text
  }
}

extension APIClient {
  /// Has a token made that is good for `lifetime`, or for as long as the API server grants. `timeout` is for the whole
  /// exchange.
  package func token(
    of account: ServiceAccountName, for lifetime: Duration = TokenSchedule.lifetime, timeout: Duration = .seconds(10)
  ) async throws(APIError) -> GrantedToken {
    let request = TokenRequest(spec: .init(expirationSeconds: lifetime.components.seconds))
    let answer = try await post(TokenRequest.Answer.self, account.tokenPath, request, timeout: timeout)
    guard let granted = GrantedToken(answer, now: Date()) else {
      throw .undecodable(
        operation: "POST \(account.tokenPath)", message: "the answer has no token, or not when it ends")
    }
    return granted
  }
}
