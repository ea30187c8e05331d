import AdapterProfiles
import EventLoop
import Foundation
import HTTP
import Kubernetes
import MetricsAPI
import Options
import Routing
import TLS
import Telemetry
import Testing

@testable import metrics_router_server

/// Every known adapter on a socket of its own, behind one router that knows them as a controller would.
struct AdapterMix {
  struct Adapter {
    let state: ProfileState
    let spec: MetricsSourceSpec
    var name: String { state.profile.rawValue }
  }

  let adapters: [Adapter]
  private let transport: CurlTransport
  private let port: UInt16
  private let loops: [EventLoop]
  private let servers: [HTTPServer]

  init(_ generator: inout MixGenerator) async throws {
    var adapters: [Adapter] = []
    for (index, (profile, spec)) in Self.specs.enumerated() {
      var stock = generator.stock(valueBase: (index + 1) * 100)
      stock.isDown = profile == .newRelic
      let state = ProfileState(
        profile, stock: stock, access: AdapterAccess(token: "router-token"), latency: .zero)
      adapters.append(Adapter(state: state, spec: spec))
    }
    self.adapters = adapters
    let loops = try ["adapters", "router"].map { try EventLoop(name: $0) }
    let certificate = try ServingCertificate.selfSigned(
      names: adapters.map(\.spec.service.host) + ["127.0.0.1"], days: 1)
    let protocols = [HTTPServer.http2, HTTPServer.http1]
    let context = try TLSServerContext(certificate: certificate, protocols: protocols)
    let anyPort = try #require(SocketAddress("127.0.0.1", port: 0))
    var (servers, rules): ([HTTPServer], [ConnectTo]) = ([], [])
    for adapter in adapters {
      let server = HTTPServer(loop: loops[0], tls: { context }) { ProfileResponder(adapter.state, loop: $0) }
      let port = try await server.start(anyPort).port
      rules.append(try #require(ConnectTo("\(adapter.spec.service.host):443:127.0.0.1:\(port)")))
      servers.append(server)
    }
    let tables = TableHolder()
    tables.replace(LoadedTable(try Self.snapshot(adapters)))
    let dialling = Dialling(
      defaultAuthority: try certificate.certificatePEM, connectTo: rules, protocols: protocols)
    let inFlight = InFlight(limit: 0)
    let metrics = RouterMetrics(tables: tables, inFlight: inFlight)
    let credentials = BackendCredentials()
    credentials.replace("router-token")
    let logger = Logger(sink: DroppedLines())
    let router = HTTPServer(loop: loops[1], tls: { context }) { loop in
      let backends = BackendSet(
        loop: loop, resolver: NameResolver(), dialling: dialling, limits: .init(), breaker: .init(failures: 0),
        metrics: metrics)
      return RouterResponder(
        tables: tables, readiness: Readiness(conditions: []), inFlight: inFlight,
        documentsInFlight: InFlight(limit: 0), unsent: HeldBytes(limit: .max), access: nil,
        forwarder: Forwarder(
          backends: backends, loop: loop, credentials: credentials,
          settings: ChainSettings(unknownMetricLifetime: .zero, coalesces: false), metrics: metrics, logger: logger,
          userAgent: "router"),
        backends: backends, metrics: metrics, logger: logger)
    }
    port = try await router.start(anyPort).port
    transport = try CurlTransport()
    self.loops = loops
    self.servers = [router] + servers
  }

  /// As the controller makes one of what the adapters list.
  private static func snapshot(_ adapters: [Adapter]) throws -> Snapshot {
    let sources = try adapters.map { adapter in
      var listing = MetricsListing()
      let types = adapter.spec.metricTypes
      for version in [MetricsGroupVersion.customV1Beta2, .externalV1Beta1]
      where types.contains(MetricsSourceSpec.MetricType(version.group)) {
        let body = list(version, of: adapter).body
        listing = listing.union(try APIResourceListing.decode(Array(body.utf8), group: version.group).metrics)
      }
      return RoutedSource(
        name: adapter.name, spec: adapter.spec, port: 443,
        customVersions: types.contains(.customMetrics) ? [.customV1Beta2] : [],
        externalVersions: types.contains(.externalMetrics) ? [.externalV1Beta1] : [], listing: listing)
    }
    return Snapshot(generation: 1, writer: "test", time: "", sources: sources)
  }

  private static func list(_ version: MetricsGroupVersion, of adapter: Adapter) -> AdapterAnswer {
    answer(adapter, version.path)
  }

  /// What the adapter says to a target, without a router between.
  static func answer(_ adapter: Adapter, _ target: String) -> AdapterAnswer {
    adapter.state.profile.answer(
      AdapterRequest(target), authorization: "Bearer router-token", access: adapter.state.access,
      stock: adapter.state.current)
  }

  /// What the model is told of the adapters, read without the product's parser.
  func model() throws -> ReferenceModel {
    ReferenceModel(
      sources: try adapters.map { adapter in
        var listed: Set<String> = []
        for version in [MetricsGroupVersion.customV1Beta2, .externalV1Beta1] {
          let answer = Self.list(version, of: adapter)
          guard answer.status == 200 else { continue }
          let list = try #require(
            try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any])
          for entry in list["resources"] as? [[String: Any]] ?? [] {
            let name = entry["name"] as? String ?? ""
            if name == "externalmetrics" || name.hasSuffix("/custommetrics") { continue }
            listed.insert(version.group == .external ? name : "\(name) \(entry["namespaced"] as? Bool ?? false)")
          }
        }
        return ReferenceModel.Source(name: adapter.name, spec: adapter.spec, listed: listed)
      })
  }

  func get(_ target: String) async throws -> CurlResponse {
    try await transport.send(
      CurlRequest("GET", "https://127.0.0.1:\(port)\(target)", tls: CurlRequest.TLS(verifiesServer: false)))
  }

  func end() async {
    for server in servers { _ = await server.drain(until: .now() + .milliseconds(200)) }
    for loop in loops { loop.stop() }
    await transport.shutdown()
  }
}
