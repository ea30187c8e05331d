import MetricsAPI

extension Authorizer {
  /// The message of the 403 that genericapiserver writes (`ForbiddenStatusError` of
  /// `k8s.io/apiserver/pkg/endpoints/handlers/responsewriters`, `NewForbidden` of `k8s.io/apimachinery/pkg/api/errors`).
  static func forbiddenMessage(_ user: UserInfo, _ attributes: AuthorizationAttributes, reason: String) -> String {
    let verb = "User \(GoQuoting.quoted(user.name)) cannot \(attributes.verb)"
    let group = GoQuoting.quoted(attributes.group)
    var message: String
    if attributes.isResourceRequest {
      let resource =
        attributes.subresource.isEmpty ? attributes.resource : "\(attributes.resource)/\(attributes.subresource)"
      let scope =
        attributes.namespace.isEmpty
        ? "at the cluster scope" : "in the namespace \(GoQuoting.quoted(attributes.namespace))"
      let subject = attributes.name.isEmpty ? "" : " \(GoQuoting.quoted(attributes.name))"
      let cause = "\(verb) resource \(GoQuoting.quoted(resource)) in API group \(group) \(scope)"
      message = "\(attributes.resource).\(attributes.group)\(subject) is forbidden: \(withoutMarkup(cause))"
    } else {
      message = "forbidden: \(withoutMarkup("\(verb) path \(GoQuoting.quoted(attributes.path))"))"
    }
    if !reason.isEmpty { message += ": \(reason)" }
    return message
  }

  /// So that no browser takes a name for HTML.
  private static func withoutMarkup(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") })
    else { return text }
    var safe = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }
}
