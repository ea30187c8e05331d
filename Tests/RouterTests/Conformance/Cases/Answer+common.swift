extension ConformanceCase.Answer {
  static let notFound = failure(
    404, "NotFound", "the server could not find the requested resource", details: "{}")

  /// What upstream says to a path of nothing.
  static let paths = described(404, "application/json", "all paths that there are, as `{\"paths\":[…]}`, indented")

  static let pageNotFound = text(404, "404 page not found\n", .nosniff)

  static let theirMethodNotAllowed = failure(
    405, "MethodNotAllowed", "the server does not allow this method on the requested resource", details: "{}")
  static let methodNotAllowed = theirMethodNotAllowed.with(.allowGet)

  static let unauthorized = failure(401, "Unauthorized", "Unauthorized")

  static func badGateway(_ message: String) -> Self { failure(502, "BadGateway", "metrics source adapter" + message) }

  static func unavailable(_ message: String) -> Self {
    failure(503, "ServiceUnavailable", "metrics source adapter" + message)
  }

  static func badRequest(_ message: String) -> Self { failure(400, "BadRequest", message) }
}

/// As Go's `json.MarshalIndent` writes it.
func indentedNotAcceptable(_ types: String) -> String {
  """
  {
    "kind": "Status",
    "apiVersion": "v1",
    "metadata": {},
    "status": "Failure",
    "message": "only the following media types are accepted: \(types)",
    "reason": "NotAcceptable",
    "code": 406
  }
  """
}
