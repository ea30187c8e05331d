import Kubernetes
import MetricsAPI

/// Whether a user may do what it asks for. Two are the same only where every byte is: the path in full, which is shorter
/// to compare than what a review is asked about and says no less.
struct AccessQuestion: Sendable {
  let user: UserInfo
  let path: RequestPath
  /// As sent: `GET`.
  let method: String
  /// Whether the query asks to watch.
  let watches: Bool

  init(user: UserInfo, path: RequestPath, method: String = "GET", watches: Bool = false) {
    self.user = user
    self.path = path
    self.method = method
    self.watches = watches
  }

  var attributes: AuthorizationAttributes { path.attributes(method: method, watches: watches) }

  /// Roughly what it takes up in memory, in bytes: the path lies there as text and as what was read from it.
  var bytes: Int { user.bytes + 3 * path.text.utf8.count + method.utf8.count + 256 }

  /// What a SubjectAccessReview is asked (`k8s.io/apiserver/plugin/pkg/authorizer/webhook`).
  var specification: SubjectAccessReview.Spec {
    let attributes = attributes
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
}

extension AccessQuestion: Hashable {
  static func == (left: AccessQuestion, right: AccessQuestion) -> Bool {
    left.watches == right.watches && left.path.text.hasSameBytes(as: right.path.text)
      && left.method.hasSameBytes(as: right.method) && left.user == right.user
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(user)
    hasher.combine(path.text)
  }
}
