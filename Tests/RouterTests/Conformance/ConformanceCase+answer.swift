extension ConformanceCase {
  /// An answer apart from what no two answers have in common: `Date`, `Audit-Id` where the caller gives none, and
  /// `Content-Length`, which is always that of the body.
  struct Answer: Sendable {
    var status: Int
    var contentType: String?
    var cacheControl: String? = "no-cache, private"
    /// Whether it has an `Audit-Id`: what the HTTP layer itself refuses is no request that could be followed.
    var isFollowed = true
    /// Further fields. The SHA-256 and SHA-512 of a document, in hexadecimal digits, are written `<hash>`.
    var fields: [Field] = []
    var body: Body
  }

  enum Body: Sendable {
    case exactly(String)
    case bytes([UInt8])
    case begins(String)
    /// Compressed with gzip.
    case gzip
    /// What upstream answers, where its bytes depend on what only it has.
    case described(String)

    static let empty = exactly("")
  }
}

extension ConformanceCase.Answer {
  typealias Field = ConformanceCase.Field

  /// `body` in one line, as Go's `json.Encoder` ends it.
  static func json(_ body: String, status: Int = 200, _ fields: Field...) -> Self {
    Self(status: status, contentType: "application/json", fields: fields, body: .exactly(body + "\n"))
  }

  /// `message` as it stands in JSON.
  static func failure(_ code: Int, _ reason: String, _ message: String, details: String? = nil, _ fields: Field...)
    -> Self
  {
    let details = details.map { #""details":\#($0),"# } ?? ""
    let body =
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"\#(message)","reason":"\#(reason)",\#(details)"code":\#(code)}"#
    return Self(status: code, contentType: "application/json", fields: fields, body: .exactly(body + "\n"))
  }

  /// 403, with the field that goes with it.
  static func forbidden(_ message: String, details: String) -> Self {
    failure(403, "Forbidden", message, details: details, .nosniff)
  }

  /// JSON for a person, which does not end in a line feed.
  static func indented(_ status: Int, _ body: String) -> Self {
    Self(status: status, contentType: "application/json", body: .exactly(body))
  }

  static func yaml(_ status: Int, _ body: String) -> Self {
    Self(status: status, contentType: "application/yaml", body: .exactly(body))
  }

  static func text(_ status: Int, _ body: String, _ fields: Field...) -> Self {
    Self(status: status, contentType: "text/plain; charset=utf-8", fields: fields, body: .exactly(body))
  }

  /// What the HTTP layer answers before anybody is asked.
  static func connectionError(_ status: Int, _ body: String) -> Self {
    Self(
      status: status, contentType: "text/plain; charset=utf-8", isFollowed: false, fields: [.close],
      body: .exactly(body))
  }

  /// What Go answers then.
  static func goError(_ status: Int, _ body: String) -> Self {
    var answer = connectionError(status, body)
    answer.cacheControl = nil
    return answer
  }

  static func begins(_ text: String, _ contentType: String = "application/json", _ fields: Field...) -> Self {
    Self(status: 200, contentType: contentType, fields: fields, body: .begins(text))
  }

  static func described(_ status: Int, _ contentType: String?, _ text: String, _ fields: Field...) -> Self {
    Self(status: status, contentType: contentType, fields: fields, body: .described(text))
  }

  func with(_ fields: Field...) -> Self {
    var copy = self
    copy.fields += fields
    return copy
  }

  func withoutBody() -> Self {
    var copy = self
    copy.body = .empty
    return copy
  }
}

extension ConformanceCase.Field {
  static let nosniff = Self("X-Content-Type-Options", "nosniff")
  static let allowGet = Self("Allow", "GET")
  static let etag = Self("ETag", "\"<hash>\"")
  static let varies = Self("Vary", "Accept")
  static let close = Self("Connection", "close")
}
