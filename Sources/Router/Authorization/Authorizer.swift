import EventLoop
import Kubernetes
import MetricsAPI

/// Asks the API server whether a caller may do what it asks for (SubjectAccessReview), and remembers the answer for a
/// while. Where there is no answer, nobody may. Belongs to one event loop.
final class Authorizer {
  struct Decision: Sendable {
    var isAllowed: Bool
    var reason: String
  }

  private struct Question: Hashable {
    var user: UserInfo
    var attributes: AuthorizationAttributes
  }

  private let client: any APIClient
  private let loop: EventLoop
  private let allowedLifetime: Duration
  private let deniedLifetime: Duration
  private let decisions = ReviewCache<Question, Decision, APIError>(capacity: 4096)

  init(client: any APIClient, loop: EventLoop, allowedLifetime: Duration, deniedLifetime: Duration) {
    self.client = client
    self.loop = loop
    self.allowedLifetime = allowedLifetime
    self.deniedLifetime = deniedLifetime
  }

  /// Throws where the API server could not be asked: the caller is then refused.
  func decide(_ user: UserInfo, _ attributes: AuthorizationAttributes) async throws(APIError) -> Decision {
    // The group that every API server lets do anything, so that the aggregator's own checks need no review.
    if user.groups.contains("system:masters") { return Decision(isAllowed: true, reason: "") }
    let (allowed, denied, client) = (allowedLifetime, deniedLifetime, client)
    return try await decisions.value(
      Question(user: user, attributes: attributes), loop: loop, lifetime: { $0.isAllowed ? allowed : denied }
    ) { () throws(APIError) in
      let status = try await client.review(access: Self.specification(user, attributes))
      return Decision(isAllowed: status.allowed && status.denied != true, reason: status.reason ?? "")
    }
  }

  private static func specification(
    _ user: UserInfo, _ attributes: AuthorizationAttributes
  ) -> SubjectAccessReview.Spec {
    var specification = SubjectAccessReview.Spec(
      user: user.name, uid: user.uid.isEmpty ? nil : user.uid, groups: user.groups,
      extra: user.extra.isEmpty ? nil : user.extra)
    if attributes.isResourceRequest {
      specification.resourceAttributes = SubjectAccessReview.ResourceAttributes(
        namespace: attributes.namespace, verb: attributes.verb, group: attributes.group, version: attributes.version,
        resource: attributes.resource, subresource: attributes.subresource, name: attributes.name)
    } else {
      specification.nonResourceAttributes = SubjectAccessReview.NonResourceAttributes(
        path: attributes.path, verb: attributes.verb)
    }
    return specification
  }

  /// The message of the 403 that genericapiserver writes (`k8s.io/apiserver/pkg/endpoints/handlers/responsewriters`).
  static func forbiddenMessage(_ user: UserInfo, _ attributes: AuthorizationAttributes, reason: String) -> String {
    let verb = #"User "\#(user.name)" cannot \#(attributes.verb)"#
    var message: String
    if attributes.isResourceRequest {
      let resource =
        attributes.subresource.isEmpty ? attributes.resource : "\(attributes.resource)/\(attributes.subresource)"
      let scope =
        attributes.namespace.isEmpty ? "at the cluster scope" : #"in the namespace "\#(attributes.namespace)""#
      let subject = attributes.name.isEmpty ? "" : #" "\#(attributes.name)""#
      message =
        #"\#(attributes.resource).\#(attributes.group)\#(subject) is forbidden: \#(verb) resource "\#(resource)" in API group "\#(attributes.group)" \#(scope)"#
    } else {
      message = #"forbidden: \#(verb) path "\#(attributes.path)""#
    }
    if !reason.isEmpty { message += ": \(reason)" }
    return message
  }
}
