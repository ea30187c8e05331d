import Glibc
import Kubernetes
import Synchronization
import Testing

struct KubernetesClientTests {
  private struct Object: Codable, Equatable {
    var name: String
  }

  private static func answer(_ status: String, _ body: String, _ headers: String = "") -> String {
    "HTTP/1.1 \(status)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  /// Runs the test against a server that gives these answers one after another.
  private func withClient(
    _ answers: [String], credentials: CredentialSource = .anonymous, delay: Duration = .zero,
    _ test: (KubernetesClient, ScriptedServer) async throws -> Void
  ) async throws {
    let left = Answers(answers)
    let server = try ScriptedServer { connection in
      while connection.readRequest() != nil, let answer = left.next() {
        usleep(UInt32(delay / .microseconds(1)))
        connection.write(answer)
      }
    }
    let transport = try CurlTransport()
    let client = KubernetesClient(
      ClusterConfiguration(server: server.url + "/prefix", credentials: credentials), transport: transport,
      userAgent: "test/1")
    try await test(client, server)
    await transport.shutdown()
  }

  private final class Answers: Sendable {
    private let answers: Mutex<[String]>
    init(_ answers: [String]) { self.answers = Mutex(answers) }
    func next() -> String? { answers.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
  }

  @Test("Requests carry path, encoded parameters, agent and credentials")
  func requestHead() async throws {
    let answers = [Self.answer("200 OK", #"{"name":"a"}"#)]
    try await withClient(answers, credentials: CredentialSource(.token("t0ken"))) { client, server in
      let object = try await client.get(
        Object.self, "/api/v1/pods", parameters: [.init("labelSelector", "a=b,c in (d)"), .init("watch", "1")])
      #expect(object == Object(name: "a"))
      let request = try #require(server.requests.first)
      #expect(request.hasPrefix("GET /prefix/api/v1/pods?labelSelector=a%3Db%2Cc%20in%20%28d%29&watch=1 HTTP/1.1\r\n"))
      #expect(request.contains("\r\nUser-Agent: test/1\r\n"))
      #expect(request.contains("\r\nAuthorization: Bearer t0ken\r\n"))
    }
  }

  @Test("A merge patch says so and sends the fields it changes")
  func mergePatch() async throws {
    try await withClient([Self.answer("200 OK", #"{"name":"b"}"#)]) { client, server in
      #expect(try await client.patch(Object.self, "/x", Object(name: "b")) == Object(name: "b"))
      let request = try #require(server.requests.first)
      #expect(request.hasPrefix("PATCH /prefix/x "))
      #expect(request.contains("\r\nContent-Type: application/merge-patch+json\r\n"))
      #expect(request.hasSuffix(#"{"name":"b"}"#))
    }
  }

  @Test("A refusal becomes the Status it carries")
  func refusal() async throws {
    let status = Status(code: 409, reason: "Conflict", message: "changed")
    let body = String(decoding: status.json(), as: UTF8.self)
    try await withClient([Self.answer("409 Conflict", body)]) { client, _ in
      await #expect(throws: APIError.status(status)) { try await client.put(Object.self, "/x", Object(name: "a")) }
    }
  }

  @Test("An answer of another shape is named with the request")
  func undecodable() async throws {
    try await withClient([Self.answer("200 OK", "{}")]) { client, _ in
      await #expect(throws: APIError.undecodable(operation: "GET /x", message: "name is missing")) {
        try await client.get(Object.self, "/x")
      }
    }
  }

  @Test(
    "After a 401 the token is read again and the request sent once more, not twice", arguments: ["200 OK", "401 No"])
  func renewsToken(second: String) async throws {
    let folder = try TemporaryFolder()
    let credentials = CredentialSource(.tokenFile(RereadFile(try folder.write("token", "old"))))
    _ = try await credentials.bearerToken()
    try folder.write("token", "new")
    let answers = [Self.answer("401 No", ""), Self.answer(second, "{}"), Self.answer("200 OK", "{}")]
    try await withClient(answers, credentials: credentials) { client, server in
      let response = try await client.send(APIRequest(.get, "/x"))
      #expect(response.status == Int(second.prefix(3)))
      #expect(server.requests.count == 2)
      #expect(server.requests.last?.contains("\r\nAuthorization: Bearer new\r\n") == true)
    }
  }

  @Test("A request that is sent once more after a 401 has what is left of its time", arguments: [false, true])
  func secondSendIsPartOfTheTime(isStream: Bool) async throws {
    let folder = try TemporaryFolder()
    let credentials = CredentialSource(.tokenFile(RereadFile(try folder.write("token", "t"))))
    let answers = [Self.answer("401 No", ""), Self.answer("200 OK", "{}")]
    try await withClient(answers, credentials: credentials, delay: .milliseconds(600)) { client, server in
      let request = APIRequest(.get, "/x", timeout: .milliseconds(900))
      do throws(TransportError) {
        if isStream { _ = try await client.open(request) } else { _ = try await client.send(request) }
        Issue.record("it took longer than it may")
      } catch {
        #expect(error.kind == .timeout)
      }
      #expect(server.requests.count == 2)
    }
  }

  @Test("A credential that cannot be had is a local failure without the secret's content")
  func missingCredential() async throws {
    try await withClient([], credentials: CredentialSource(.tokenFile(RereadFile("/nowhere/token")))) {
      client, server in
      let expected = TransportError(
        .local, operation: "GET \(server.url)/prefix/x",
        message: "/nowhere/token: cannot be opened: No such file or directory")
      await #expect(throws: expected) { try await client.send(APIRequest(.get, "/x", parameters: [.init("a", "b")])) }
      #expect(server.requests.isEmpty)
    }
  }

  @Test("A stream is opened with its status and wait")
  func opensStream() async throws {
    let answers = [Self.answer("429 Wait", "slow down", "Retry-After: 3\r\n")]
    try await withClient(answers) { client, _ in
      let stream = try await client.open(APIRequest(.get, "/x"))
      #expect(stream.status == 429)
      #expect(stream.retryAfterSeconds == 3)
      var body: [UInt8] = []
      for try await piece in stream.body { body += piece }
      #expect(body == Array("slow down".utf8))
    }
  }
}
