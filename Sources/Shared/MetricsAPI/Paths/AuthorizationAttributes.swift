/// What a SubjectAccessReview is asked about (`k8s.io/apiserver/pkg/endpoints/request/requestinfo.go`).
package struct AuthorizationAttributes: Sendable, Hashable {
  /// As it came; asked about where `isResourceRequest` is false.
  package var path: String
  package var verb: String
  package var isResourceRequest = false
  package var group = ""
  package var version = ""
  package var namespace = ""
  package var resource = ""
  package var subresource = ""
  package var name = ""

  package init(path: String, verb: String) {
    self.path = path
    self.verb = verb
  }
}

extension Endpoint {
  /// The attributes of a request with an HTTP `method` for this endpoint. `path` is the verbatim one.
  package func attributes(path: String, method: String) -> AuthorizationAttributes {
    guard case .metric(let request) = self else {
      return AuthorizationAttributes(path: path, verb: method.lowercased())
    }
    var attributes = AuthorizationAttributes(path: path, verb: Self.verb(method))
    attributes.isResourceRequest = true
    attributes.group = request.groupVersion.group.rawValue
    attributes.version = request.groupVersion.version
    attributes.namespace = request.namespace ?? ""
    if request.groupVersion.group == .external {
      Self.describeExternal(request, method, &attributes)
    } else if request.objectName.isEmpty {
      attributes.resource = request.resource
      attributes.name = request.metric
    } else {
      attributes.resource = request.resource
      attributes.name = request.objectName
      attributes.subresource = request.metric
    }
    return attributes
  }

  /// To the API machinery the metric is a resource without a name, which is listed; the two names that every namespace
  /// has as subresources are read as such.
  private static func describeExternal(
    _ request: MetricRequest, _ method: String, _ attributes: inout AuthorizationAttributes
  ) {
    if request.metric == "status" || request.metric == "finalize" {
      attributes.resource = "namespaces"
      attributes.name = request.namespace ?? ""
      attributes.subresource = request.metric
      return
    }
    attributes.resource = request.metric
    if attributes.verb == "get" { attributes.verb = "list" }
    if attributes.verb == "delete" { attributes.verb = "deletecollection" }
  }

  private static func verb(_ method: String) -> String {
    switch method {
    case "GET", "HEAD": "get"
    case "POST": "create"
    case "PUT": "update"
    case "PATCH": "patch"
    case "DELETE": "delete"
    default: ""
    }
  }
}
