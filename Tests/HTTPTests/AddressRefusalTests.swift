import EventLoop
import Synchronization
import TLS
import Testing

@testable import HTTP

/// What a name leads to, as a resolver would tell, one answer after another; the last one again and again.
private final class ScriptedNames: Sendable {
  private let answers: Mutex<[NameResolver.Answer]>
  init(_ answers: [NameResolver.Answer]) { self.answers = Mutex(answers) }

  var resolver: NameResolver {
    NameResolver { _ in self.answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } }
  }
}

private func addresses(
  _ texts: String..., canonicalName: String? = nil, searchDomains: [String] = []
) -> NameResolver.Answer {
  .success(
    HostAddresses(
      addresses: texts.compactMap { SocketAddress($0, port: 0) }, canonicalName: canonicalName,
      searchDomains: searchDomains))
}

@Suite struct AddressRefusalTests {
  /// Asks a server on the loopback by a name that leads where `names` say; how often it was reached, and the outcomes.
  private func ask(
    _ names: [NameResolver.Answer], from origin: BackendAddress.Origin, times: Int = 1
  ) async throws -> [Result<ReceivedResponse, ExchangeError>] {
    let setting = try await Setting.make(secure: false)
    let address = BackendAddress(host: "adapter.ns.svc", port: setting.address.port, from: origin, tls: nil)
    await setting.caller.use(address, resolver: ScriptedNames(names).resolver)
    var results: [Result<ReceivedResponse, ExchangeError>] = []
    for _ in 0..<times { results.append(await setting.caller.get("/", within: .milliseconds(500))) }
    await setting.end()
    return results
  }

  private func refusal(_ result: Result<ReceivedResponse, ExchangeError>?) -> String? {
    if case .failure(.refused(let message))? = result { message } else { nil }
  }

  @Test(arguments: ["127.0.0.1", "0.0.0.0", "::1", "::ffff:127.0.0.1", "169.254.169.254", "fe80::1", "255.255.255.255"])
  func `an address that no Service has is not dialled for a resource`(_ text: String) async throws {
    let message = refusal(try await ask([addresses(text)], from: .service(allowsAliases: false)).first)
    #expect(message?.hasPrefix("adapter.ns.svc: \(text) is ") == true)
    #expect(message?.contains("--connect-to") == true)
  }

  @Test func `aliases may be allowed, and the address still counts`() async throws {
    let alias = addresses("127.0.0.1", canonicalName: "localhost")
    let message = refusal(try await ask([alias], from: .service(allowsAliases: true)).first)
    #expect(message?.contains("127.0.0.1 is a loopback address") == true)
  }

  @Test func `whoever runs the process may have any address dialled`() async throws {
    let results = try await ask([addresses("127.0.0.1", canonicalName: "localhost")], from: .flag)
    #expect(try results.first?.get().status == 200)
  }

  @Test func `a name that changes its address between two connections is looked at each time`() async throws {
    // TEST-NET-1 answers nobody: the first one is dialled, in vain.
    let results = try await ask(
      [addresses("192.0.2.1"), addresses("127.0.0.1")], from: .service(allowsAliases: false), times: 2)
    #expect(refusal(results.first) == nil)
    #expect(throws: ExchangeError.self) { try results.first?.get() }
    #expect(refusal(results.last)?.contains("127.0.0.1 is a loopback address") == true)
  }

  @Test func `an address that is refused does not keep the next one from being dialled, nor opens the way to it`()
    async throws
  {
    let results = try await ask([addresses("192.0.2.1", "127.0.0.1")], from: .service(allowsAliases: false))
    #expect(throws: ExchangeError.self) { try results.first?.get() }
    let other = try await ask([addresses("127.0.0.1", "::1")], from: .service(allowsAliases: false))
    #expect(refusal(other.first)?.contains("::1 is a loopback address") == true)
  }

  @Test func `an alias is refused before its address is looked at`() async throws {
    let alias = addresses(
      "192.0.2.1", canonicalName: "adapter.ns.svc.example.com", searchDomains: ["svc.cluster.local", "cluster.local"])
    let message = refusal(try await ask([alias], from: .service(allowsAliases: false)).first)
    #expect(
      message
        == "adapter.ns.svc is an alias of adapter.ns.svc.example.com, as a Service of type ExternalName is: it is not"
        + " dialled unless --allow-external-name-services is given")
  }
}
