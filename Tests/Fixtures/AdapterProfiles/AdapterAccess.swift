/// Whom an adapter lets in. All delegate to the API server (`DelegatingAuthenticationOptions`): a bearer token that it does not
/// know is answered with 401, no token makes the caller `system:anonymous`, and 403 is for whom no rule lets in.
package struct AdapterAccess: Sendable, Equatable {
  /// The token of a ServiceAccount that may read metrics; nil lets everybody in.
  package var token: String?
  /// The token of one that may read the discovery documents alone, as every ServiceAccount may.
  package var tokenWithoutRights: String?

  package init(token: String? = nil, tokenWithoutRights: String? = nil) {
    self.token = token
    self.tokenWithoutRights = tokenWithoutRights
  }

  /// Nil for who may.
  func refusal(_ request: AdapterRequest, authorization: String?) -> AdapterAnswer? {
    guard let token else { return nil }
    guard let authorization else { return forbidden(request, user: "system:anonymous") }
    if authorization == "Bearer \(token)" { return nil }
    guard let tokenWithoutRights, authorization == "Bearer \(tokenWithoutRights)" else {
      return .failure(401, "Unauthorized", "Unauthorized")
    }
    switch request.target {
    case .custom, .external: return forbidden(request, user: "system:serviceaccount:default:default")
    default: return nil
    }
  }

  /// `responsewriters.ForbiddenStatusError`.
  private func forbidden(_ request: AdapterRequest, user: String) -> AdapterAnswer {
    var place = ""
    let (verb, resource, group, name, kind): (String, String, String, String, String)
    switch request.target {
    case .custom(_, let object):
      // Metrics of namespaces stand in them: `namespaces/{name}/metrics/{metric}`.
      let isNamespace = object.resource == "namespaces"
      let namespace = isNamespace ? object.name : object.namespace
      place = namespace.map { #" in the namespace "\#($0)""# } ?? " at the cluster scope"
      kind = isNamespace ? "metrics" : object.resource
      name = isNamespace ? object.metric : object.name
      (verb, resource, group) = (
        "get", isNamespace ? kind : "\(kind)/\(object.metric)", AdapterRequest.customGroup
      )
    case .external(let namespace, let metric):
      place = #" in the namespace "\#(namespace)""#
      (verb, resource, group, name, kind) = ("list", metric, AdapterRequest.externalGroup, "", metric)
    default:
      return .failure(
        403, "Forbidden", #"forbidden: User "\#(user)" cannot get path "\#(request.path)""#, details: "{}")
    }
    let named = name.isEmpty ? "" : #" "\#(name)""#
    let message =
      #"\#(kind).\#(group)\#(named) is forbidden: User "\#(user)" cannot \#(verb) resource "\#(resource)" in API group "\#(group)"\#(place)"#
    let nameField = name.isEmpty ? "" : #""name":\#(name.quoted),"#
    return .failure(
      403, "Forbidden", message, details: #"{\#(nameField)"group":"\#(group)","kind":\#(kind.quoted)}"#)
  }
}
