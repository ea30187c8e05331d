/// Asks the API server whether a user may do something (authorization.k8s.io/v1).
package struct SubjectAccessReview: Encodable, Sendable {
  package struct ResourceAttributes: Codable, Sendable, Equatable {
    package var namespace: String?
    package var verb: String
    package var group: String?
    package var version: String?
    package var resource: String
    package var subresource: String?
    package var name: String?

    package init(
      namespace: String? = nil, verb: String, group: String? = nil, version: String? = nil, resource: String,
      subresource: String? = nil, name: String? = nil
    ) {
      self.namespace = namespace
      self.verb = verb
      self.group = group
      self.version = version
      self.resource = resource
      self.subresource = subresource
      self.name = name
    }
  }

  package struct NonResourceAttributes: Codable, Sendable, Equatable {
    package var path: String
    package var verb: String

    package init(path: String, verb: String) {
      self.path = path
      self.verb = verb
    }
  }

  package struct Spec: Codable, Sendable, Equatable {
    package var user: String
    package var uid: String?
    package var groups: [String]?
    package var extra: [String: [String]]?
    package var resourceAttributes: ResourceAttributes?
    package var nonResourceAttributes: NonResourceAttributes?

    package init(user: String, uid: String? = nil, groups: [String]? = nil, extra: [String: [String]]? = nil) {
      self.user = user
      self.uid = uid
      self.groups = groups
      self.extra = extra
    }
  }

  package struct Result: Codable, Sendable, Equatable {
    package var allowed: Bool
    package var denied: Bool?
    package var reason: String?
    package var evaluationError: String?
  }

  var kind = "SubjectAccessReview"
  var apiVersion = "authorization.k8s.io/v1"
  var spec: Spec
}

extension APIClient {
  /// Throws where the API server could not say: the caller is then to be refused. `timeout` is for the whole exchange.
  package func review(
    access spec: SubjectAccessReview.Spec, timeout: Duration = .seconds(30)
  ) async throws(APIError) -> SubjectAccessReview.Result {
    let review = SubjectAccessReview(spec: spec)
    return try await create(review, at: "/apis/authorization.k8s.io/v1/subjectaccessreviews", timeout: timeout)
  }
}
