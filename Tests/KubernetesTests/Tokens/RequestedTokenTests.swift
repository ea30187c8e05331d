import Synchronization
import TestSupport
import Testing

@testable import Kubernetes

@Suite struct RequestedTokenTests {
  private final class Told: Sendable {
    private let told = Mutex<[TokenChange]>([])
    var all: [TokenChange] { told.withLock { $0 } }
    var notices: [TokenChange.Notice] { all.compactMap(\.notice) }
    func add(_ change: TokenChange) { told.withLock { $0.append(change) } }
  }

  private static func grant(_ token: String, seconds: Int = 7200) -> ScriptedClient.Answer {
    .whole(
      201,
      #"{"spec":{"expirationSeconds":\#(seconds)},"status":{"token":"\#(token)","expirationTimestamp":"2999-01-01T00:00:00Z"}}"#
    )
  }

  private static let forbidden = ScriptedClient.Answer.whole(
    403, #"{"kind":"Status","code":403,"message":"serviceaccounts \"shown\" is forbidden: User \"me\" cannot create"}"#)
  private static let path = "POST /api/v1/namespaces/ns/serviceaccounts/shown/token"

  private func token(_ answers: [ScriptedClient.Answer], pause: Duration = .seconds(60)) throws -> (
    RequestedToken, ScriptedClient
  ) {
    let client = ScriptedClient(answers)
    let account = try ServiceAccountName(namespace: "ns", name: "shown", inherited: nil)
    return (RequestedToken(of: account, client: client, schedule: TokenSchedule(at: .zero, pause: pause)), client)
  }

  private func problem(_ token: RequestedToken) async -> String {
    do throws(ConfigurationError) {
      return "no error, but \(try await token.value())"
    } catch {
      return error.description
    }
  }

  /// Works while `body` does.
  private func running(
    _ token: RequestedToken, _ told: Told = Told(), _ body: () async throws -> Void
  ) async throws {
    let task = Task { await token.run { told.add($0) } }
    defer { task.cancel() }
    try await body()
  }

  @Test func `however many want the token at the start, it is asked for once, and they get it`() async throws {
    let (token, client) = try token([Self.grant("one")])
    let told = Told()
    try await running(token, told) {
      try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<20 { group.addTask { try await token.value() } }
        for try await value in group { #expect(value == "one") }
      }
      #expect(client.requests.count == 1)
      #expect(await eventually { told.all.count == 1 })
      #expect(told.all.first?.result == .success)
      let text = "sources are shown tokens of ServiceAccount ns/shown, this one for 7200 s"
      #expect(told.notices == [.init(gravity: .info, text: text)])
      #expect((token.remaining ?? .zero) > .seconds(7000))
    }
  }

  @Test func `without the right to it there is no token but a cause that says what to grant`() async throws {
    let (token, _) = try token(Array(repeating: Self.forbidden, count: 20))
    let told = Told()
    try await running(token, told) {
      #expect(
        await problem(token)
          == #"ServiceAccount ns/shown: no token can be had: serviceaccounts "shown" is forbidden: User "me" cannot create; grant create on serviceaccounts/token named shown in ns, as the Role metrics-router-backend-token does"#
      )
      #expect(token.remaining == nil)
      // It is tried again, and said once.
      #expect(await eventually { told.all.count >= 3 })
      #expect(told.all.allSatisfy { $0.result == .forbidden })
      #expect(told.notices.map(\.gravity) == [.error])
      #expect(told.notices.first?.text.contains("sources that want one are not asked") == true)
    }
  }

  @Test func `a token comes once the API server is back, which is said`() async throws {
    let away = ScriptedClient.Answer.failure(
      TransportError(.unreachable, operation: Self.path, message: "Failed to connect to h port 443 after 3 ms: refused")
    )
    let (token, _) = try token([away, away, Self.grant("one")])
    let told = Told()
    try await running(token, told) {
      // The same words each time.
      #expect(
        await problem(token)
          == "ServiceAccount ns/shown: no token can be had: \(Self.path): Failed to connect to h port 443: refused")
      #expect(await eventually { told.all.last?.result == .success })
      #expect(await problem(token) == "no error, but one")
      #expect(told.notices.map(\.gravity) == [.error, .info])
    }
  }

  @Test func `an account that is not there is said to be missing`() async throws {
    let missing = ScriptedClient.Answer.whole(
      404, #"{"kind":"Status","code":404,"message":"serviceaccounts \"shown\" not found"}"#)
    let (token, _) = try token(Array(repeating: missing, count: 5))
    try await running(token) {
      #expect(
        await problem(token).hasSuffix(
          #"serviceaccounts "shown" not found; create that ServiceAccount, or name another one by --backend-service-account"#
        ))
    }
  }

  @Test func `an account that is deleted while the API server is away is told of`() async throws {
    func away(_ message: String) -> ScriptedClient.Answer {
      .failure(TransportError(.unreachable, operation: Self.path, message: message))
    }
    let missing = ScriptedClient.Answer.whole(
      404, #"{"kind":"Status","code":404,"message":"serviceaccounts \"shown\" not found"}"#)
    let (token, _) = try token([away("refused"), away("reset"), missing, missing, Self.grant("one")])
    let told = Told()
    try await running(token, told) {
      #expect(await eventually { told.all.last?.result == .success })
      #expect(told.notices.map(\.gravity) == [.error, .error, .info])
      #expect(told.notices.dropFirst().first?.text.contains("create that ServiceAccount") == true)
    }
  }

  @Test func `a refused token is replaced soon, and shown until then`() async throws {
    let (token, client) = try token([Self.grant("one"), Self.grant("two")], pause: .milliseconds(300))
    let told = Told()
    try await running(token, told) {
      let first = try await token.value()
      #expect(first == "one")
      token.refused()
      let shown = try await token.value()
      #expect(shown == "one")
      #expect(await eventually { told.all.count == 2 })
      let next = try await token.value()
      #expect(next == "two")
      #expect(client.requests.count == 2)
      // A renewal is nothing to speak of.
      #expect(told.notices.count == 1)
    }
  }

  @Test func `a renewal that fails leaves the last token in use, and says for how long`() async throws {
    let (token, _) = try token([Self.grant("one"), Self.forbidden, Self.grant("two")], pause: .zero)
    let told = Told()
    try await running(token, told) {
      let first = try await token.value()
      #expect(first == "one")
      token.refused()
      #expect(await eventually { told.all.count >= 2 })
      let failed = told.all[1]
      #expect(failed.result == .forbidden)
      let kept = try failed.token.get()
      #expect(kept == "one")
      #expect(failed.notice?.gravity == .warning)
      #expect(failed.notice?.text.contains("the last one is good for another 71") == true)
      #expect(await eventually { told.all.last?.result == .success })
      let next = try await token.value()
      #expect(next == "two")
    }
  }

  @Test func `a token that ends without another one is told, and no longer shown`() async throws {
    let (token, _) = try token([Self.grant("one", seconds: 11)] + Array(repeating: Self.forbidden, count: 20))
    let told = Told()
    try await running(token, told) {
      let only = try await token.value()
      #expect(only == "one")
      #expect(await eventually { told.all.contains { $0.result == nil } })
      let ended = try #require(told.all.first { $0.result == nil })
      #expect(ended.notice?.gravity == .error)
      #expect(ended.notice?.text.hasPrefix("the token of ServiceAccount ns/shown has ended") == true)
      #expect(throws: ConfigurationError.self) { try ended.token.get() }
      #expect(await problem(token).contains("no token can be had"))
    }
  }

  @Test func `who waits when it is ended is let go`() async throws {
    let (token, _) = try token([])
    let task = Task { await token.run { _ in } }
    task.cancel()
    await task.value
    #expect(await problem(token).contains("no token can be had"))
  }

  @Test func `as a source of credentials it gives the token, and its description none`() async throws {
    let (token, _) = try token([Self.grant("s3cret")])
    let credentials = CredentialSource(.requested(token))
    try await running(token) {
      let granted = try await credentials.bearerToken()
      #expect(granted == "s3cret")
      #expect(!credentials.isRenewable)
      #expect("\(credentials)" == "token of ServiceAccount ns/shown")
    }
  }
}
