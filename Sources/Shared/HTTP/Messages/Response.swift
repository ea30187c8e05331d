/// A whole answer to a caller. Fields are few and chosen here: what a backend sent is passed on by name only.
package struct Response: Sendable {
  /// Three digits, 200 and above.
  package var status: Int
  /// Nil only where there is no body.
  package var contentType: String?
  package var body: [UInt8]
  /// Further fields; values hold no control characters.
  package var fields: [(name: String, value: String)]
  /// What genericapiserver says of every answer, unless told otherwise.
  package var cacheControl = "no-cache, private"
  /// Ends the connection after this answer; one of HTTP/2 after what else is under way on it.
  package var closesConnection: Bool

  /// Whether the body is kept anyway, so that this answer takes no memory of its own.
  package var sharesBody = false

  package init(
    status: Int, contentType: String?, body: [UInt8], fields: [(name: String, value: String)] = [],
    closesConnection: Bool = false
  ) {
    self.status = status
    self.contentType = contentType
    self.body = body
    self.fields = fields
    self.closesConnection = closesConnection
  }

  /// Bytes that are kept for this answer alone.
  package var heldBytes: Int { sharesBody ? 0 : body.count }

  package static func text(_ status: Int, _ body: String) -> Response {
    Response(status: status, contentType: "text/plain; charset=utf-8", body: Array(body.utf8))
  }
}

/// The reason phrases of RFC 9110 for the codes that this product or its backends answer.
func reasonPhrase(_ status: Int) -> StaticString {
  switch status {
  case 200: "OK"
  case 201: "Created"
  case 202: "Accepted"
  case 204: "No Content"
  case 301: "Moved Permanently"
  case 304: "Not Modified"
  case 400: "Bad Request"
  case 401: "Unauthorized"
  case 403: "Forbidden"
  case 404: "Not Found"
  case 405: "Method Not Allowed"
  case 406: "Not Acceptable"
  case 408: "Request Timeout"
  case 409: "Conflict"
  case 413: "Content Too Large"
  case 414: "URI Too Long"
  case 415: "Unsupported Media Type"
  case 422: "Unprocessable Content"
  case 429: "Too Many Requests"
  case 431: "Request Header Fields Too Large"
  case 500: "Internal Server Error"
  case 501: "Not Implemented"
  case 502: "Bad Gateway"
  case 503: "Service Unavailable"
  case 504: "Gateway Timeout"
  case 505: "HTTP Version Not Supported"
  default: "Status"
  }
}
