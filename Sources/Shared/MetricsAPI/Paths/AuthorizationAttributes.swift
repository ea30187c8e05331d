/// What a SubjectAccessReview is asked about a request.
///
/// Follows `RequestInfoFactory.NewRequestInfo` of k8s.io/apiserver (`pkg/endpoints/request/requestinfo.go`), quirks
/// included, so that the RBAC rules that allow a request to an adapter allow the same request to the router.
package struct AuthorizationAttributes: Hashable, Sendable {
  /// Of a non-resource request: the path, decoded once and otherwise as sent. Empty for a resource request.
  package var path: String
  package var verb: String
  package var group: String
  package var version: String
  package var resource: String
  package var subresource: String
  package var name: String
  package var namespace: String
  package var isResourceRequest: Bool

  /// A request for something that is no resource: `/healthz`, `/apis/G/V`.
  package init(path: String, verb: String) {
    self.init(verb: verb)
    self.path = path
  }

  /// A request for a resource.
  package init(
    verb: String, group: String, version: String, resource: String, subresource: String = "", name: String = "",
    namespace: String = ""
  ) {
    self.init(verb: verb)
    self.group = group
    self.version = version
    self.resource = resource
    self.subresource = subresource
    self.name = name
    self.namespace = namespace
    isResourceRequest = true
  }

  /// Byte by byte, because a cached answer about one name must not answer for another.
  package static func == (left: AuthorizationAttributes, right: AuthorizationAttributes) -> Bool {
    left.isResourceRequest == right.isResourceRequest && left.path.hasSameBytes(as: right.path)
      && left.verb.hasSameBytes(as: right.verb) && left.group.hasSameBytes(as: right.group)
      && left.version.hasSameBytes(as: right.version) && left.resource.hasSameBytes(as: right.resource)
      && left.subresource.hasSameBytes(as: right.subresource) && left.name.hasSameBytes(as: right.name)
      && left.namespace.hasSameBytes(as: right.namespace)
  }

  private init(verb: String) {
    path = ""
    self.verb = verb
    group = ""
    version = ""
    resource = ""
    subresource = ""
    name = ""
    namespace = ""
    isResourceRequest = false
  }
}
