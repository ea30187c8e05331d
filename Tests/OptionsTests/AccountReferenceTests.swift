import Testing

@testable import Options

@Suite struct AccountReferenceTests {
  @Test(arguments: ["metrics-router/metrics-router", "metrics-router", "ns/a.b-c.1", "0"])
  func `an account is named with its namespace or without`(text: String) {
    #expect(AccountReference(text)?.description == text)
  }

  @Test(arguments: [
    "", "/", "a/", "/a", "a/b/c", "A", "a b", "../b", "a/..", "-a", "a-", "a.b/c", "a%2Fb", "a..b", "é",
  ])
  func `what cannot be a name is refused`(text: String) {
    #expect(AccountReference(text) == nil)
  }

  private func access(_ arguments: [String], _ environment: [String: String] = [:]) throws -> BackendAccess {
    var flags = FlagSet(program: "p", version: "1", summary: "s")
    let access = BackendAccess.declare(&flags)
    return access(try flags.parse(arguments) { environment[$0] })
  }

  @Test func `the environment names the account too, so that what runs beside the server shows no other`() throws {
    let environment = ["METRICS_ROUTER_BACKEND_SERVICE_ACCOUNT": "shown"]
    #expect(try access([]).account == nil)
    #expect(try access([], environment).account?.name == "shown")
    #expect(try access(["--backend-service-account=ns/other"], environment).account?.description == "ns/other")
  }

  @Test func `a file of a token is taken whatever the account`() throws {
    let access = try access(["--backend-token-file=/t"], ["METRICS_ROUTER_BACKEND_SERVICE_ACCOUNT": "shown"])
    #expect(access.account == nil)
    #expect(access.tokenFile == "/t")
  }
}
