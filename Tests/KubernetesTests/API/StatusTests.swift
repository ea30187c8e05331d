import Foundation
import Kubernetes
import Testing

struct StatusTests {
  @Test("A Status is written as an API server writes it")
  func json() {
    let unauthorized = Status(code: 401, reason: "Unauthorized", message: "Unauthorized")
    #expect(
      String(decoding: unauthorized.json(), as: UTF8.self)
        == #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}"#
    )
    let notFound = Status(
      code: 404, reason: "NotFound", message: "pods \"<a>\" not found",
      details: .init(
        name: "<a>", group: "g", kind: "pods", causes: [.init(reason: "R", message: "m", field: "f")],
        retryAfterSeconds: 2))
    #expect(
      String(decoding: notFound.json(), as: UTF8.self)
        == #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"pods \"\u003ca\u003e\" not found","reason":"NotFound","details":{"name":"\u003ca\u003e","group":"g","kind":"pods","causes":[{"reason":"R","message":"m","field":"f"}],"retryAfterSeconds":2},"code":404}"#
    )
  }

  @Test("What is written is read again as the same")
  func roundTrip() throws {
    let status = Status(
      code: 409, reason: "Conflict", message: "tab\t, quote \", line\n, \u{1} and é",
      details: .init(name: "a", kind: "leases", uid: "u", retryAfterSeconds: 1))
    #expect(try JSONDecoder().decode(Status.self, from: Data(status.json())) == status)
  }

  @Test("A refusal without a Status still has its code, wait and text")
  func foreignAnswer() {
    let status = Status(
      APIResponse(status: 503, retryAfterSeconds: 4, body: Array("upstream\nis away\n".utf8)), operation: "GET /api")
    #expect(status.code == 503)
    #expect(status.details?.retryAfterSeconds == 4)
    #expect(status.message == "GET /api: the server answered 503: upstream is away")
  }
}
