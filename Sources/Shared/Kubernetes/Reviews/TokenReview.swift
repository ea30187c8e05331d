/// Asks the API server whose token this is (authentication.k8s.io/v1).
package struct TokenReview: Encodable, Sendable {
  package struct Spec: Encodable, Sendable {
    var token: String
  }

  package struct User: Codable, Sendable, Equatable {
    package var username: String?
    package var uid: String?
    package var groups: [String]?
    package var extra: [String: [String]]?
  }

  package struct Result: Codable, Sendable, Equatable {
    package var authenticated: Bool?
    package var user: User?
    package var error: String?
  }

  var kind = "TokenReview"
  var apiVersion = "authentication.k8s.io/v1"
  var spec: Spec
}

extension APIClient {
  /// Throws where the API server could not say; a refused token is an answer. `timeout` is for the whole exchange.
  package func review(
    token: String, timeout: Duration = .seconds(30)
  ) async throws(APIError) -> TokenReview.Result {
    let review = TokenReview(spec: TokenReview.Spec(token: token))
    return try await create(review, at: "/apis/authentication.k8s.io/v1/tokenreviews", timeout: timeout)
  }
}
