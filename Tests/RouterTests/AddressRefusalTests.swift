import HTTP
import Kubernetes
import MetricsAPI
import Options
import Routing
import Testing

@testable import metrics_router_server

private let foo = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns/pods/*/foo"

@Suite struct AddressRefusalTests {
  @Test(arguments: ["127.0.0.1", "::1", "169.254.169.254", "0.0.0.0", "localhost"])
  func `a table that leads to this host is answered 503, with the source, the address and the flag`(
    _ host: String
  ) async throws {
    let router = try await RouterFixture(isOpen: true)
    router.route(generation: 2) {
      $0.backend.host = host
      $0.backend.port = Int(router.port)
    }
    let answer = try await router.get(foo)
    #expect(answer.status == 503)
    #expect(answer.text.contains("metrics source adapter: \(host): "))
    #expect(answer.text.contains("which no Service has"))
    #expect(answer.text.contains("--connect-to"))
    await router.end()
  }

  @Test func `what is refused again and again opens the breaker, which tells the same cause`() async throws {
    let router = try await RouterFixture(isOpen: true, breaker: .init(failures: 2))
    router.route(generation: 2) { $0.backend.host = "169.254.169.254" }
    for _ in 0..<2 { #expect(try await router.get(foo).text.contains("it has failed repeatedly") == false) }
    let answer = try await router.get(foo)
    #expect(answer.status == 503)
    #expect(answer.text.contains("it has failed repeatedly"))
    #expect(answer.text.contains("169.254.169.254 is a link-local address"))
    await router.end()
  }

  @Test func `only where a rule names the host is its address taken on trust`() throws {
    func origin(_ rules: String..., allowsExternalNames: Bool = false) throws -> String {
      let dialling = Dialling(
        defaultAuthority: nil, connectTo: rules.compactMap { ConnectTo($0) },
        allowsExternalNames: allowsExternalNames)
      let source = RoutedSource(
        name: "adapter", priority: 1, serviceNamespace: "ns", serviceName: "adapter",
        backend: .init(scheme: .http, host: "adapter.ns.svc", port: 80), tls: .init(serverName: "adapter.ns.svc"),
        sendsToken: false, timeoutSeconds: 1, customVersions: [], externalVersions: [], listing: .init(), isStale: false
      )
      return "\(try dialling.address(of: source).origin)"
    }
    #expect(try origin("adapter.ns.svc:80:127.0.0.1:8080") == "flag")
    #expect(try origin() == "service(allowsAliases: false)")
    #expect(try origin("adapter.ns.svc:80::8080") == "service(allowsAliases: false)")
    #expect(try origin("other.ns.svc:80:127.0.0.1:8080") == "service(allowsAliases: false)")
    #expect(try origin(allowsExternalNames: true) == "service(allowsAliases: true)")
  }
}
