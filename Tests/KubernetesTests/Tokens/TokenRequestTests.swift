import FoundationEssentials
import Testing

@testable import Kubernetes

@Suite struct TokenRequestTests {
  private let account: ServiceAccountName

  init() throws { account = try ServiceAccountName(namespace: "metrics-router", name: "shown", inherited: nil) }

  private func granted(_ status: String, spec: String = "{}", at now: String = "2026-01-01T00:00:00Z") throws
    -> GrantedToken?
  {
    let answer = try JSONDecoder().decode(
      TokenRequest.Answer.self, from: Data(#"{"spec":\#(spec),"status":\#(status)}"#.utf8))
    return GrantedToken(answer, now: try Date(now, strategy: .iso8601))
  }

  /// As kube-apiserver 1.20 answers.
  @Test func `a token is asked for, and what the API server grants counts`() async throws {
    let client = ScriptedClient([
      .whole(
        201,
        #"{"kind":"TokenRequest","apiVersion":"authentication.k8s.io/v1","metadata":{"creationTimestamp":null},"spec":{"audiences":["https://kubernetes.default.svc"],"expirationSeconds":3600,"boundObjectRef":null},"status":{"token":"a.b.c","expirationTimestamp":"2999-01-01T00:00:00Z"}}"#
      )
    ])
    #expect(try await client.token(of: account) == GrantedToken(text: "a.b.c", lifetime: .seconds(3600)))
    let request = try #require(client.requests.first)
    #expect(request.operation == "POST /api/v1/namespaces/metrics-router/serviceaccounts/shown/token")
    #expect(
      String(decoding: request.body ?? [], as: UTF8.self)
        == #"{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":7200}}"#)
  }

  @Test func `the end counts where it comes sooner than the seconds say`() throws {
    let status = #"{"token":"t","expirationTimestamp":"2026-01-01T00:20:00Z"}"#
    #expect(try granted(status, spec: #"{"expirationSeconds":7200}"#)?.lifetime == .seconds(1200))
    #expect(try granted(status, spec: #"{"expirationSeconds":600}"#)?.lifetime == .seconds(600))
    #expect(try granted(status)?.lifetime == .seconds(1200))
  }

  @Test func `a clock that is hours ahead of the API server's does not end a token before it begins`() throws {
    let token = try granted(
      #"{"token":"t","expirationTimestamp":"2026-01-01T02:00:00Z"}"#, spec: #"{"expirationSeconds":7200}"#,
      at: "2026-01-01T05:00:00Z")
    #expect(token?.lifetime == .seconds(7200))
  }

  @Test(arguments: [
    #"{}"#, #"{"token":""}"#, #"{"token":"t"}"#,
    #"{"token":"a\r\nX-Remote-User: root","expirationTimestamp":"2026-01-01T02:00:00Z"}"#,
    #"{"token":"a b","expirationTimestamp":"2026-01-01T02:00:00Z"}"#, #"{"token":"t","expirationTimestamp":"soon"}"#,
  ])
  func `an answer without a token, or without its end, is none`(status: String) throws {
    #expect(try granted(status) == nil)
  }

  @Test func `what is no grant is an error that tells no token`() async {
    let client = ScriptedClient([.whole(201, #"{"status":{"token":"s3cret"}}"#)])
    do throws(APIError) {
      _ = try await client.token(of: account)
      Issue.record("it was taken for a grant")
    } catch {
      #expect(
        "\(error)"
          == "POST /api/v1/namespaces/metrics-router/serviceaccounts/shown/token: the answer has no token, or not when it ends"
      )
    }
    let granted = GrantedToken(text: "s3cret", lifetime: .seconds(1))
    #expect(!"\(granted) \(String(reflecting: granted))".contains("s3cret"))
  }

  @Test func `an account without a namespace is one of the pod's, or of the context's`() throws {
    #expect(try ServiceAccountName(namespace: nil, name: "shown", inherited: "here").description == "here/shown")
    #expect(try ServiceAccountName(namespace: "there", name: "shown", inherited: "here").description == "there/shown")
    do throws(ConfigurationError) {
      _ = try ServiceAccountName(namespace: nil, name: "shown", inherited: nil)
      Issue.record("it has a namespace")
    } catch {
      #expect(error.description == "ServiceAccount shown: nobody says in which namespace it is: write NAMESPACE/shown")
    }
  }
}
