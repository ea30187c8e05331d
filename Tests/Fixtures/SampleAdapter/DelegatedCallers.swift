import Kubernetes
import Synchronization

/// Whom an adapter lets in that delegates to the API server, as `k8s.io/apiserver`'s delegating options do: a TokenReview
/// says who shows a token, a SubjectAccessReview whether he may. What was answered counts for a minute, so that a short
/// absence of the API server is not noticed.
final class DelegatedCallers: Sendable {
  enum Verdict: Sendable, Equatable {
    case allowed
    /// The API server does not know the token, or could not be asked.
    case unknown
    case forbidden(String)
  }

  private struct Question: Hashable {
    var token: String
    var path: String
  }

  private static let lifetime = Duration.seconds(60)

  private let client: any APIClient
  private let known = Mutex<[Question: (verdict: Verdict, end: ContinuousClock.Instant)]>([:])

  init(client: any APIClient) { self.client = client }

  func verdict(on token: String?, path: String) async -> Verdict {
    guard let token else { return .forbidden("User system:anonymous cannot get path \(path)") }
    let question = Question(token: token, path: path)
    if let known = known.withLock({ $0[question] }), .now < known.end { return known.verdict }
    // Away from the event loop that asks.
    let verdict = await Task.detached { [self] in await review(token, path) }.value
    if verdict != .unknown { known.withLock { $0[question] = (verdict, .now + Self.lifetime) } }
    return verdict
  }

  private func review(_ token: String, _ path: String) async -> Verdict {
    do throws(APIError) {
      let review = try await client.review(token: token)
      guard review.authenticated == true, let user = review.user, let name = user.username else { return .unknown }
      var question = SubjectAccessReview.Spec(user: name, uid: user.uid, groups: user.groups, extra: user.extra)
      if let attributes = Self.attributes(of: path) {
        question.resourceAttributes = attributes
      } else {
        question.nonResourceAttributes = .init(path: path, verb: "get")
      }
      let answer = try await client.review(access: question)
      return answer.allowed ? .allowed : .forbidden("User \(name) cannot get path \(path)")
    } catch {
      return .unknown
    }
  }

  /// Nil for discovery. As `RequestInfo` of `k8s.io/apiserver` has them; a star may come percent-encoded.
  private static func attributes(of path: String) -> SubjectAccessReview.ResourceAttributes? {
    let path = path.split(separator: "/").map { $0 == "%2A" ? "*" : String($0) }
    guard path.count > 3, path[0] == "apis" else { return nil }
    var rest = path[3...]
    var namespace: String?
    if rest.count > 2, rest.first == "namespaces" {
      namespace = rest[rest.startIndex + 1]
      rest = rest.dropFirst(2)
    }
    let words = Array(rest)
    return .init(
      namespace: namespace, verb: words.count > 1 ? "get" : "list", group: path[1], version: path[2],
      resource: words[0], subresource: words.count > 2 ? words[2] : nil, name: words.count > 1 ? words[1] : nil)
  }
}
