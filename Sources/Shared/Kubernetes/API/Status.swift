/// What the API says instead of an object, most often why it refuses (`k8s.io/apimachinery/pkg/apis/meta/v1`, Status).
package struct Status: Codable, Sendable, Equatable {
  package struct ListMeta: Codable, Sendable, Equatable {
    package init() {}
  }

  package struct Details: Codable, Sendable, Equatable {
    package var name: String?
    package var group: String?
    package var kind: String?
    package var uid: String?
    package var causes: [Cause]?
    package var retryAfterSeconds: Int?

    package init(
      name: String? = nil, group: String? = nil, kind: String? = nil, uid: String? = nil, causes: [Cause]? = nil,
      retryAfterSeconds: Int? = nil
    ) {
      self.name = name
      self.group = group
      self.kind = kind
      self.uid = uid
      self.causes = causes
      self.retryAfterSeconds = retryAfterSeconds
    }
  }

  package struct Cause: Codable, Sendable, Equatable {
    package var reason: String?
    package var message: String?
    package var field: String?

    package init(reason: String? = nil, message: String? = nil, field: String? = nil) {
      self.reason = reason
      self.message = message
      self.field = field
    }
  }

  package var kind: String? = "Status"
  package var apiVersion: String? = "v1"
  package var metadata: ListMeta? = ListMeta()
  /// "Success" or "Failure".
  package var status: String?
  /// For a person.
  package var message: String?
  /// For a program: "NotFound", "Conflict", …
  package var reason: String?
  package var details: Details?
  /// The HTTP code.
  package var code: Int?

  package init(code: Int, reason: String?, message: String, details: Details? = nil) {
    status = code < 400 ? "Success" : "Failure"
    self.message = message
    self.reason = reason
    self.details = details
    self.code = code
  }
}
