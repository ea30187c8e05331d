import Kubernetes
import Options
import Routing
import Testing

@testable import metrics_router_controller

@Suite struct PortResolverTests {
  private static let path = "GET /api/v1/namespaces/ns/services/adapter"
  private static let service =
    #"{"kind":"Service","apiVersion":"v1","metadata":{"name":"adapter","namespace":"ns"},"spec":{"ports":[{"name":"metrics","port":9090},{"name":"https","port":443,"targetPort":"https"}]}}"#

  private func resolve(
    _ port: MetricsSourceSpec.Port, _ client: (any APIClient)?, connectTo: [String] = [],
    allowsExternalNames: Bool = false
  ) async -> Result<UInt16, SyncFailure> {
    do throws(SyncFailure) {
      return .success(
        try await PortResolver(
          client: client, connectTo: connectTo.compactMap { ConnectTo($0) }, allowsExternalNames: allowsExternalNames
        ).port(of: .init(namespace: "ns", name: "adapter", port: port)))
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

  // MARK: Services that lead out of the cluster

  private static let external =
    #"{"kind":"Service","apiVersion":"v1","metadata":{"name":"adapter","namespace":"ns"},"spec":{"type":"ExternalName","externalName":"metadata.google.internal","ports":[{"name":"https","port":443}]}}"#

  @Test(arguments: [MetricsSourceSpec.Port.number(443), .name("https")])
  func `a Service of type ExternalName is refused, with the flag that allows it`(
    port: MetricsSourceSpec.Port
  ) async {
    let api = ScriptedAPI([Self.path: (200, Self.external)])
    guard case .failure(let failure) = await resolve(port, api) else {
      Issue.record("a Service that leads out of the cluster was taken")
      return
    }
    #expect(failure.reason == .externalName)
    #expect(
      failure.message
        == "Service ns/adapter is of type ExternalName, which may lead out of the cluster: it is not asked unless"
        + " --allow-external-name-services is given")
    #expect(await resolve(port, api, allowsExternalNames: true) == .success(443))
    #expect(await resolve(port, api, connectTo: ["adapter.ns.svc:443:127.0.0.1:1"]) == .success(443))
  }

  @Test func `a rule that changes the port alone says nothing of where the Service leads`() async {
    let api = ScriptedAPI([Self.path: (200, Self.external)])
    let result = await resolve(.number(443), api, connectTo: ["adapter.ns.svc:443::8443"])
    #expect((try? result.get()) == nil)
  }

  @Test(arguments: [403, 404, 500, 503])
  func `a number does not depend on an API server that does not tell the type`(status: Int) async {
    let api = ScriptedAPI([Self.path: (status, #"{"kind":"Status","code":\#(status),"message":"no"}"#)])
    #expect(await resolve(.number(6443), api) == .success(6443))
    #expect(await resolve(.number(6443), ScriptedAPI([:])) == .success(6443))
  }

  @Test func `only the type of the Service is asked for, and not for long`() async {
    let api = ScriptedAPI([Self.path: (200, Self.service)])
    #expect(await resolve(.number(443), api) == .success(443))
    #expect(api.requests.map(\.operation) == [Self.path])
    #expect(api.requests.allSatisfy { $0.timeout <= .seconds(2) })
  }
}
