import Testing

@testable import Kubernetes

struct ReviewTests {
  private func body(_ client: ScriptedClient) -> String {
    String(decoding: client.requests.first?.body ?? [], as: UTF8.self)
  }

  @Test func aTokenReviewAsksByTheTokenAndReadsTheUser() async throws {
    let client = ScriptedClient([
      .whole(
        201,
        #"{"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","metadata":{"creationTimestamp":null,"managedFields":[{}]},"spec":{"token":"abc"},"status":{"authenticated":true,"user":{"username":"jane","uid":"42","groups":["dev","system:authenticated"],"extra":{"scopes":["a","b"]}},"audiences":["api"]}}"#
      )
    ])
    let status = try await client.review(token: "abc")
    #expect(
      body(client) == #"{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"abc"}}"#)
    #expect(client.requests.first?.path == "/apis/authentication.k8s.io/v1/tokenreviews")
    #expect(status.authenticated == true)
    #expect(status.user?.username == "jane")
    #expect(status.user?.uid == "42")
    #expect(status.user?.groups == ["dev", "system:authenticated"])
    #expect(status.user?.extra == ["scopes": ["a", "b"]])
  }

  @Test func aTokenThatNobodyKnowsIsAnAnswerAndNoError() async throws {
    let client = ScriptedClient([
      .whole(
        201,
        #"{"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","metadata":{},"spec":{"token":"x"},"status":{"user":{},"error":"token lookup failed"}}"#
      )
    ])
    let status = try await client.review(token: "x")
    #expect(status.authenticated == nil)
    #expect(status.error == "token lookup failed")
  }

  @Test func anAccessReviewCarriesTheUserAndTheAttributes() async throws {
    let client = ScriptedClient([
      .whole(
        201,
        #"{"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","metadata":{},"spec":{"user":"jane"},"status":{"allowed":false,"denied":true,"reason":"no","evaluationError":"role x not found"}}"#
      )
    ])
    var specification = SubjectAccessReview.Spec(
      user: "jane", uid: "42", groups: ["dev"], extra: ["scopes": ["a"]])
    specification.resourceAttributes = SubjectAccessReview.ResourceAttributes(
      namespace: "ns", verb: "get", group: "custom.metrics.k8s.io", version: "v1beta2", resource: "pods",
      subresource: "foo", name: "*")
    let status = try await client.review(access: specification)
    #expect(
      body(client)
        == #"{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{"extra":{"scopes":["a"]},"groups":["dev"],"resourceAttributes":{"group":"custom.metrics.k8s.io","name":"*","namespace":"ns","resource":"pods","subresource":"foo","verb":"get","version":"v1beta2"},"uid":"42","user":"jane"}}"#
    )
    #expect(
      status
        == SubjectAccessReview.Result(
          allowed: false, denied: true, reason: "no", evaluationError: "role x not found"))
  }

  @Test func anAccessReviewOfAPathHasNoResourceAttributes() async throws {
    let client = ScriptedClient([
      .whole(
        201,
        #"{"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","spec":{"user":"u"},"status":{"allowed":true}}"#
      )
    ])
    var specification = SubjectAccessReview.Spec(user: "u")
    specification.nonResourceAttributes = SubjectAccessReview.NonResourceAttributes(path: "/apis/g/v", verb: "get")
    let status = try await client.review(access: specification)
    #expect(
      body(client)
        == #"{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{"nonResourceAttributes":{"path":"/apis/g/v","verb":"get"},"user":"u"}}"#
    )
    #expect(status == SubjectAccessReview.Result(allowed: true))
  }

  @Test func aRefusedOrEmptyReviewIsAnError() async {
    let client = ScriptedClient([
      .whole(403, #"{"kind":"Status","code":403,"message":"no"}"#),
      .whole(201, #"{"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","spec":{"user":"u"}}"#),
    ])
    await #expect(throws: APIError.self) { try await client.review(token: "x") }
    await #expect(throws: APIError.self) { try await client.review(access: SubjectAccessReview.Spec(user: "u")) }
  }
}
