import HTTP
import Kubernetes
import MetricsAPI

/// Failures as `metav1.Status`, the form in which every Kubernetes client expects them.
enum StatusResponse {
  /// Keeps a browser from taking for HTML what a caller has put into the answer. API servers send it with what they refuse
  /// (`k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go`) and with text.
  static let contentIsAsTold = (name: "X-Content-Type-Options", value: "nosniff")

  static func failure(
    _ code: Int, _ reason: String, _ message: String, details: Status.Details? = nil,
    fields: [(name: String, value: String)] = []
  ) -> Response {
    var status = Status(code: code, reason: reason, message: message)
    status.details = details
    return Response(
      status: code, contentType: "application/json", body: status.json() + [UInt8(ascii: "\n")], fields: fields)
  }

  static func unauthorized() -> Response { failure(401, "Unauthorized", "Unauthorized") }

  static func badRequest(_ message: String) -> Response { failure(400, "BadRequest", message) }

  static func notFound(_ message: String = "the server could not find the requested resource") -> Response {
    failure(404, "NotFound", message, details: Status.Details())
  }

  /// What a list says that cannot be watched (`ListResource` of `k8s.io/apiserver/pkg/endpoints/handlers/get.go`, in the
  /// scope that sigs.k8s.io/custom-metrics-apiserver gives it).
  static func watchNotSupported(_ group: MetricsGroup) -> Response {
    failure(
      405, "MethodNotAllowed", "watch is not supported on resources of kind \"*.\(group.rawValue)\"",
      details: Status.Details(group: group.rawValue, kind: "*"), fields: [("Allow", "GET")])
  }

  static func methodNotAllowed() -> Response {
    failure(
      405, "MethodNotAllowed", "the server does not allow this method on the requested resource",
      details: Status.Details(), fields: [("Allow", "GET")])
  }

  /// What cannot be negotiated is indented JSON, as `WriteRawJSON` of
  /// `k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/writers.go` writes it: no program will read it.
  static func notAcceptable(_ types: MediaTypes = .all) -> Response {
    var response = failure(406, "NotAcceptable", types.notAcceptableMessage)
    response.body = (try? PrettyJSON.indent(response.body)) ?? response.body
    return response
  }

  /// After how long client-go, which tries again by itself, is to do so.
  private static let retryAfter = 1

  static func tooManyRequests() -> Response {
    failure(
      429, "TooManyRequests", "too many requests, please try again later",
      details: Status.Details(retryAfterSeconds: retryAfter), fields: [("Retry-After", String(retryAfter))])
  }

  static func pathTooLong(limit: Int) -> Response {
    failure(414, "RequestURITooLong", "the path is longer than \(limit) bytes")
  }

  static func internalError(_ message: String) -> Response { failure(500, "InternalError", message) }

  static func badGateway(_ message: String) -> Response { failure(502, "BadGateway", message) }

  static func unavailable(_ message: String) -> Response { failure(503, "ServiceUnavailable", message) }

  static func gatewayTimeout(_ message: String) -> Response { failure(504, "Timeout", message) }
}

extension StatusResponse {
  static func forbidden(_ user: UserInfo, _ attributes: AuthorizationAttributes, reason: String) -> Response {
    let details =
      attributes.isResourceRequest
      ? Status.Details(name: attributes.name, group: attributes.group, kind: attributes.resource) : Status.Details()
    return failure(
      403, "Forbidden", Authorizer.forbiddenMessage(user, attributes, reason: reason), details: details,
      fields: [contentIsAsTold])
  }
}
