import Kubernetes
import Routing
import Testing

@testable import metrics_router_controller

@Suite struct PortResolverTests {
  private static let path = "GET /api/v1/namespaces/ns/services/adapter"
  private static let service =
    #"{"kind":"Service","apiVersion":"v1","metadata":{"name":"adapter","namespace":"ns"},"spec":{"ports":[{"name":"metrics","port":9090},{"name":"https","port":443,"targetPort":"https"}]}}"#

  private func resolve(
    _ port: MetricsSourceSpec.Port, _ client: (any APIClient)?
  ) async -> Result<UInt16, SyncFailure> {
    do throws(SyncFailure) {
      return .success(
        try await PortResolver(client: client).port(of: .init(namespace: "ns", name: "adapter", port: port)))
    } catch {
      return .failure(error)
    }
  }

  @Test func `a number needs no API server`() async {
    #expect(await resolve(.number(6443), nil) == .success(6443))
  }

  @Test func `a name is looked up in the Service`() async {
    let api = ScriptedAPI([Self.path: (200, Self.service)])
    #expect(await resolve(.name("https"), api) == .success(443))
    #expect(api.requests.count == 1)
  }

  @Test func `what is missing is named, with what there is`() async {
    let api = ScriptedAPI([Self.path: (200, Self.service)])
    guard case .failure(let failure) = await resolve(.name("web"), api) else {
      Issue.record("a port that does not exist was found")
      return
    }
    #expect(failure.reason == .portNotFound)
    #expect(failure.message == "Service ns/adapter has no port named web (it has: metrics, https)")
  }

  @Test(arguments: [
    (404, SyncFailure.Reason.serviceNotFound), (403, .apiServerUnavailable), (500, .apiServerUnavailable),
  ])
  func `a Service that cannot be read is told from one that does not exist`(
    status: Int, reason: SyncFailure.Reason
  ) async {
    let api = ScriptedAPI([Self.path: (status, #"{"kind":"Status","code":\#(status),"message":"no"}"#)])
    guard case .failure(let failure) = await resolve(.name("https"), api) else {
      Issue.record("a port was found")
      return
    }
    #expect(failure.reason == reason)
    #expect(failure.message.contains("ns/adapter"))
  }

  @Test func `without an API server a name cannot be resolved`() async {
    guard case .failure(let failure) = await resolve(.name("https"), nil) else {
      Issue.record("a port was found")
      return
    }
    #expect(failure.reason == .invalidSpec)
  }
}
