import Options
import Testing

@testable import metrics_router_server

@Suite struct AuthenticationOptionsTests {
  private func parse(_ arguments: String...) throws -> AuthenticationOptions {
    guard case .run(let options) = try RouterOptions.parse(arguments) else { throw StartError("no options") }
    return options.authentication
  }

  @Test func `the defaults are those of an aggregated API server`() throws {
    let options = try parse()
    #expect(options.tokenLifetime == .seconds(10))
    #expect(options.allowedLifetime == .seconds(10))
    #expect(options.deniedLifetime == .seconds(10))
    #expect(options.alwaysAllowedPaths == .standard)
    #expect(options.requestHeader == AuthenticationOptions.RequestHeader())
    #expect(options.requestHeader.usernameHeaders == ["x-remote-user"])
    #expect(options.requestHeader.uidHeaders == [])
    #expect(options.requestHeader.groupHeaders == ["x-remote-group"])
    #expect(options.requestHeader.extraPrefixes == ["x-remote-extra-"])
    #expect(!options.skipsLookup)
    #expect(!options.toleratesLookupFailure)
    #expect(options.authenticationKubeconfig == nil)
    #expect(options.authorizationKubeconfig == nil)
    #expect(options.warnings.isEmpty)
  }

  @Test func `each flag is read`() throws {
    let options = try parse(
      "--authentication-kubeconfig=a", "--authorization-kubeconfig", "b", "--authentication-skip-lookup",
      "--authentication-tolerate-lookup-failure=true", "--authentication-token-webhook-cache-ttl=1s",
      "--authorization-webhook-cache-authorized-ttl=2m", "--authorization-webhook-cache-unauthorized-ttl=0s",
      "--client-ca-file=c", "--requestheader-client-ca-file=d", "--requestheader-uid-headers=X-Remote-Uid")
    #expect(options.authenticationKubeconfig == "a")
    #expect(options.authorizationKubeconfig == "b")
    #expect(options.skipsLookup)
    #expect(options.toleratesLookupFailure)
    #expect(options.tokenLifetime == .seconds(1))
    #expect(options.allowedLifetime == .seconds(120))
    #expect(options.deniedLifetime == .zero)
    #expect(options.clientAuthorityFile == "c")
    #expect(options.requestHeaderAuthorityFile == "d")
    #expect(options.requestHeader.uidHeaders == ["X-Remote-Uid"])
    #expect(options.warnings.isEmpty)
  }

  @Test func `a list may be one text with commas, several flags, or both, and takes the default's place`() throws {
    let options = try parse(
      "--requestheader-client-ca-file=d", "--requestheader-allowed-names=a,b", "--requestheader-allowed-names=c",
      "--requestheader-username-headers=X-Remote-User,X-Other", "--authorization-always-allow-paths=/a,/b*",
      "--authorization-always-allow-paths=c")
    #expect(options.requestHeader.allowedNames == ["a", "b", "c"])
    #expect(options.requestHeader.usernameHeaders == ["X-Remote-User", "X-Other"])
    for path in ["/a", "/bc", "/c"] { #expect(options.alwaysAllowedPaths.contain(path)) }
    #expect(!options.alwaysAllowedPaths.contain("/healthz"))
  }

  @Test func `an empty list opens no path`() throws {
    #expect(try !parse("--authorization-always-allow-paths=").alwaysAllowedPaths.contain("/healthz"))
  }

  @Test(arguments: [
    "--authorization-always-allow-paths=/a*b", "--requestheader-allowed-names=a,,b",
    "--requestheader-username-headers= ", "--authentication-token-webhook-cache-ttl=-1s",
  ])
  func `what cannot be meant is refused`(_ argument: String) {
    #expect(throws: OptionsError.self) { try parse(argument) }
  }

  @Test func `what has no effect, or not the one that is meant, is told`() throws {
    let unused = try parse("--requestheader-allowed-names=a", "--requestheader-group-headers=X-Remote-Group")
    #expect(
      unused.warnings == [
        "--requestheader-allowed-names, --requestheader-group-headers: no effect without --requestheader-client-ca-file, the cluster's are used"
      ])
    let foreign = try parse("--requestheader-client-ca-file=d", "--requestheader-username-headers=X-Other")
    #expect(
      foreign.warnings == [
        "--requestheader-username-headers lacks X-Remote-User: requests through kube-aggregator will not be understood"
      ])
  }
}
