import Kubernetes
import MetricsAPI
import Options
import TLS
import Telemetry
import Testing

@testable import metrics_router_controller

@Suite struct CertificatePaceTests {
  private struct Nobody: ServedCertificateProbe {
    func reasonToRefuse(trusting authorities: [Certificate]) async -> String? { "connection refused" }
  }

  private struct Silence: LogSink {
    func write(_ line: [UInt8]) {}
    func flush() {}
  }

  private let cluster = CertificateCluster()
  private let keeper: CertificateKeeper

  init() {
    let policy = CertificatePolicy()
    let options = CertificateOptions(
      secret: nil, policy: policy, service: policy.service, server: Address(host: "127.0.0.1", port: 1),
      overlap: .seconds(1))
    keeper = CertificateKeeper(
      options, secret: ObjectName(namespace: "metrics-router", name: "certificate"), client: cluster, probe: Nobody(),
      leadership: .always, metrics: CertificateMetrics(in: MetricsRegistry()), logger: Logger(sink: Silence()),
      schedule: .init(settling: .zero))
  }

  /// After one look each, with the longest wait that chance allows.
  private func pauses(_ count: Int, chance: Double = 1) async -> [Duration] {
    var pauses: [Duration] = []
    var now = Duration.zero
    for _ in 0..<count {
      await keeper.look()
      pauses.append(await keeper.pause(at: now, chance: chance))
      now += pauses.last ?? .zero
    }
    return pauses
  }

  @Test func `the look after a write comes soon, and those that wait for a server at the interval`() async throws {
    try cluster.putSecret()
    try cluster.put(.customV1Beta1)
    #expect(await pauses(4) == [.seconds(1), .seconds(5), .seconds(5), .seconds(5)])
  }

  @Test(arguments: ["GET", "PATCH"], [403, 404, 422, 500])
  func `a Secret that cannot be read or written is tried again less and less often`(
    method: String, code: Int
  ) async throws {
    try cluster.putSecret()
    cluster.change { $0.refusals["\(method) \(CertificateCluster.secretPath)"] = code }
    #expect(await pauses(7) == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
    #expect(await pauses(1, chance: 0) == [.milliseconds(200)])
    cluster.change { $0.refusals = [:] }
    #expect(await pauses(2) == [.seconds(1), .seconds(5)])
    cluster.change { $0.refusals["GET \(CertificateCluster.secretPath)"] = code }
    #expect(await pauses(1) == [.seconds(1)])
  }

  @Test func `an APIService that cannot be read is tried again less and less often`() async throws {
    try cluster.putSecret()
    cluster.change { $0.refusals["GET \(MetricsGroupVersion.externalV1Beta1.apiServicePath)"] = 403 }
    // The first look fills the Secret.
    #expect(await pauses(4) == [1, 2, 4, 8].map { .seconds($0) })
  }

  @Test func `an API server that asks for time gets it`() async throws {
    try cluster.putSecret()
    cluster.change { state in
      state.refusals["GET \(CertificateCluster.secretPath)"] = 429
      state.retryAfterSeconds = 40
    }
    #expect(await pauses(1, chance: 0) == [.seconds(40)])
    cluster.change { state in
      state.refusals = ["GET \(MetricsGroupVersion.externalV1Beta1.apiServicePath)": 503]
      state.retryAfterSeconds = 86_400
    }
    #expect(await pauses(1, chance: 0) == [.seconds(300)])
  }

  @Test func `a Secret that is not this controller's is looked at as often as any`() async throws {
    try cluster.put(CertificateCluster.secretPath, #"{"metadata":{},"data":{"tls.crt":"YQ=="}}"#)
    #expect(await pauses(3) == [.seconds(5), .seconds(5), .seconds(5)])
  }

  @Test func `a conflict is settled soon`() async throws {
    try cluster.putSecret()
    let object = cluster.object(CertificateCluster.secretPath)
    cluster.change { $0.meanwhile[CertificateCluster.secretPath] = object }
    #expect(await pauses(1) == [.seconds(1)])
  }
}
