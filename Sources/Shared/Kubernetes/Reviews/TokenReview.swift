/// Asks the API server whose token this is (authentication.k8s.io/v1).
package struct TokenReview: Codable, Sendable {
  package struct Spec: Codable, Sendable {
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
  var status: Result?
}

extension APIClient {
  /// Throws where the API server could not say; a refused token is an answer.
  package func review(token: String) async throws(APIError) -> TokenReview.Result {
    let review = TokenReview(spec: TokenReview.Spec(token: token))
    let answer = try await post(TokenReview.self, "/apis/authentication.k8s.io/v1/tokenreviews", review)
    return answer.status ?? TokenReview.Result()
  }
}
