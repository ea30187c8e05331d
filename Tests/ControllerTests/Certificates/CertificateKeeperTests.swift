import Foundation
import Kubernetes
import MetricsAPI
import Options
import Synchronization
import TLS
import Telemetry
import Testing
import YAML

@testable import metrics_router_controller

@Suite struct CertificateKeeperTests {
  /// A server that serves the last certificate that it was given.
  private final class Server: ServedCertificateProbe {
    private let leaf = Mutex<Certificate?>(nil)

    func serve(_ serving: ServingCertificate?) { leaf.withLock { $0 = serving?.leaf } }

    func reasonToRefuse(trusting authorities: [Certificate]) async -> String? {
      guard let leaf = leaf.withLock({ $0 }) else { return "connection refused" }
      return authorities.contains { leaf.isSigned(by: $0) } ? nil : "self-signed certificate"
    }
  }

  private final class Lines: LogSink {
    private let lines = Mutex<[String]>([])
    func write(_ line: [UInt8]) { lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
    func flush() {}
    var all: [String] { lines.withLock { $0 } }
    func count(of text: String) -> Int { all.count { $0.contains(text) } }
  }

  private static let policy = CertificatePolicy()
  private let cluster = CertificateCluster()
  private let server = Server()
  private let lines = Lines()
  private let registry = MetricsRegistry()
  private let keeper: CertificateKeeper
  private let leadership = Leadership()

  init() { self.init(overlap: .milliseconds(50), settling: .milliseconds(1)) }

  private init(overlap: Duration, settling: Duration) {
    leadership.lead(until: .now + .seconds(600))
    let options = CertificateOptions(
      secret: nil, policy: Self.policy, service: Self.policy.service, server: Address(host: "127.0.0.1", port: 1),
      overlap: overlap)
    keeper = CertificateKeeper(
      options, secret: ObjectName(namespace: "metrics-router", name: "certificate"), client: cluster, probe: server,
      leadership: leadership, metrics: CertificateMetrics(in: registry), logger: Logger(sink: lines),
      schedule: .init(settling: settling))
  }

  /// Long enough for each authority to be accepted, and for each replica to serve the same.
  private func wait() async throws { try await Task.sleep(for: .milliseconds(60)) }

  @Test func `the Secret is filled, the server serves what is in it, and then the APIServices verify it`() async throws
  {
    try cluster.putSecret()
    try cluster.put(.customV1Beta1)
    await keeper.look()
    let secret = try cluster.secret()
    #expect(secret.serving != nil)
    #expect(cluster.writes == ["Secret"])
    await keeper.look()
    #expect(cluster.writes == ["Secret"])
    #expect(lines.count(of: "APIService v1beta1.custom.metrics.k8s.io does not verify what is served yet") == 1)
    server.serve(secret.serving)
    await keeper.look()
    #expect(cluster.writes == ["Secret", "v1beta1.custom.metrics.k8s.io"])
    #expect(cluster.trusted(.customV1Beta1) == secret.trusted)
    // One that is applied later.
    try cluster.put(.externalV1Beta1)
    await keeper.look()
    #expect(cluster.trusted(.externalV1Beta1) == secret.trusted)
    await keeper.look()
    #expect(cluster.writes.count == 3)
  }

  @Test func `insecureSkipTLSVerify goes in the same write, once every replica has had the time`() async throws {
    try cluster.putSecret()
    for version in MetricsGroupVersion.allCases { try cluster.put(version, skips: true) }
    await keeper.look()
    server.serve(try cluster.secret().serving)
    await keeper.look()
    #expect(cluster.writes == ["Secret"])
    try await wait()
    await keeper.look()
    #expect(cluster.writes.count == 4)
    for version in MetricsGroupVersion.allCases {
      #expect(cluster.trusted(version)?.count == 1)
      #expect(cluster.spec(version)?["insecureSkipTLSVerify"] == nil)
      #expect(cluster.spec(version)?["versionPriority"] == .int(100))
    }
  }

  @Test func `the time that every replica has begins anew where the Secret could not be read`() async throws {
    try cluster.putSecret()
    try cluster.put(.externalV1Beta1, skips: true)
    await keeper.look()
    server.serve(try cluster.secret().serving)
    await keeper.look()
    cluster.change { $0.refusals["GET \(CertificateCluster.secretPath)"] = 500 }
    await keeper.look()
    cluster.change { $0.refusals = [:] }
    try await wait()
    await keeper.look()
    #expect(cluster.writes == ["Secret"])
    try await wait()
    await keeper.look()
    #expect(cluster.writes == ["Secret", "v1beta1.external.metrics.k8s.io"])
  }

  @Test func `the time until API servers know an authority begins anew where an APIService could not be read`()
    async throws
  {
    let tests = CertificateKeeperTests(overlap: .seconds(60), settling: .milliseconds(50))
    let (cluster, keeper) = (tests.cluster, tests.keeper)
    var secret = ServingSecret()
    secret.authority = try Self.policy.makeAuthority(at: Int64(Date().timeIntervalSince1970))
    try cluster.putSecret(secret)
    try cluster.put(.externalV1Beta1, trusted: secret.trusted)
    await keeper.look()
    cluster.change { $0.refusals["GET \(MetricsGroupVersion.customV1Beta1.apiServicePath)"] = 500 }
    await keeper.look()
    cluster.change { $0.refusals = [:] }
    try await wait()
    await keeper.look()
    #expect(cluster.writes.isEmpty)
    try await wait()
    await keeper.look()
    #expect(cluster.writes == ["Secret"])
  }

  @Test func `one of somebody else's is never written`() async throws {
    try cluster.putSecret()
    try cluster.put(.customV1Beta1, skips: true, service: "prometheus-adapter")
    let before = cluster.object(MetricsGroupVersion.customV1Beta1.apiServicePath)
    await keeper.look()
    server.serve(try cluster.secret().serving)
    for _ in 0..<3 {
      try await wait()
      await keeper.look()
    }
    #expect(cluster.object(MetricsGroupVersion.customV1Beta1.apiServicePath) == before)
    #expect(cluster.writes == ["Secret"])
    #expect(registry.scraped(#"metrics_router_controller_api_services{state="foreign"}"#) == 1)
  }

  @Test func `a rotation writes the next authority, the bundles, the certificate, and takes the old one away`()
    async throws
  {
    // Two thirds of five years ago.
    let now = Int64(Date().timeIntervalSince1970)
    var secret = ServingSecret()
    let old = try Self.policy.makeAuthority(at: now - 4 * 365 * 86_400)
    secret.authority = old
    secret.serving = try Self.policy.issue(by: old, at: now)
    try cluster.putSecret(secret)
    try cluster.put(.customV1Beta2, trusted: [old.certificate])
    server.serve(secret.serving)
    await keeper.look()
    let next = try #require(try cluster.secret().next)
    #expect(cluster.trusted(.customV1Beta2) == [old.certificate])
    await keeper.look()
    #expect(cluster.trusted(.customV1Beta2) == [old.certificate, next.certificate])
    try await wait()
    await keeper.look()
    #expect(try cluster.secret().authority?.certificate == next.certificate)
    #expect(try cluster.secret().former == old.certificate)
    for _ in 0..<3 {
      try await wait()
      await keeper.look()
    }
    // The server still serves what the old one has signed.
    #expect(try cluster.secret().former == old.certificate)
    server.serve(try cluster.secret().serving)
    await keeper.look()
    #expect(try cluster.secret().former == old.certificate)
    for _ in 0..<3 {
      try await wait()
      await keeper.look()
    }
    #expect(try cluster.secret().former == nil)
    #expect(cluster.trusted(.customV1Beta2) == [next.certificate])
    #expect(lines.count(of: "is needed no more") == 1)
  }

  @Test func `who does not lead reads nothing and writes nothing`() async throws {
    leadership.lead(until: nil)
    try cluster.putSecret()
    try cluster.put(.customV1Beta1)
    await keeper.look()
    #expect(cluster.writes.isEmpty)
    #expect(registry.scraped("metrics_router_controller_certificate_expiration_timestamp_seconds") == nil)
    leadership.lead(until: .now + .seconds(600))
    await keeper.look()
    #expect(cluster.writes == ["Secret"])
    let end = registry.scraped(
      #"metrics_router_controller_certificate_expiration_timestamp_seconds{certificate="serving"}"#)
    #expect(end == (try cluster.secret().serving?.notAfter).map(Double.init))
  }

  @Test func `a Secret that somebody writes meanwhile is read again, and what they wrote stays`() async throws {
    try cluster.putSecret()
    var theirs = ServingSecret()
    let authority = try Self.policy.makeAuthority(at: Int64(Date().timeIntervalSince1970))
    theirs.authority = authority
    try cluster.putSecret(theirs)
    let object = cluster.object(CertificateCluster.secretPath)
    try cluster.putSecret()
    cluster.change { $0.meanwhile[CertificateCluster.secretPath] = object }
    await keeper.look()
    #expect(cluster.writes.isEmpty)
    #expect(lines.count(of: "Secret metrics-router/certificate was changed meanwhile: it is read again") == 1)
    await keeper.look()
    await keeper.look()
    #expect(try cluster.secret().authority?.certificate == authority.certificate)
    #expect(try cluster.secret().serving?.leaf.isSigned(by: authority.certificate) == true)
  }

  @Test func `a Secret that holds somebody else's certificate is left as it is, with the command that empties it`()
    async throws
  {
    let other = try ServingCertificate.selfSigned(names: ["a"], days: 1)
    let text = Data(try other.certificatePEM).base64EncodedString()
    let key = Data(try other.keyPEM).base64EncodedString()
    try cluster.put(
      CertificateCluster.secretPath, #"{"metadata":{},"data":{"tls.crt":"\#(text)","tls.key":"\#(key)"}}"#)
    try cluster.put(.customV1Beta1, skips: true)
    for _ in 0..<3 { await keeper.look() }
    #expect(cluster.writes.isEmpty)
    #expect(lines.all.count == 1)
    #expect(lines.count(of: "there is no ca.crt beside what is there") == 1)
    #expect(
      lines.count(
        of: #"kubectl patch secret certificate -n metrics-router --type=merge -p '{\"data\":null}'"#) == 1
        || lines.count(of: #"kubectl patch secret certificate -n metrics-router --type=merge -p '{"data":null}'"#) == 1)
    #expect(lines.count(of: key) == 0)
    try cluster.putSecret()
    await keeper.look()
    #expect(lines.count(of: "Secret metrics-router/certificate can be used again") == 1)
    #expect(try cluster.secret().serving != nil)
  }

  @Test(arguments: [
    (404, "there is no Secret metrics-router/certificate"), (403, "may not get Secret metrics-router/certificate"),
    (500, "cannot get Secret metrics-router/certificate"),
  ])
  func `a Secret that cannot be read is told once`(code: Int, said: String) async throws {
    cluster.change { $0.refusals["GET \(CertificateCluster.secretPath)"] = code }
    for _ in 0..<3 { await keeper.look() }
    #expect(lines.count(of: said) == 1)
    #expect(lines.all.count == 1)
    #expect(cluster.writes.isEmpty)
  }

  @Test(arguments: [
    (403, "may not patch Secret metrics-router/certificate"), (422, "cannot patch Secret metrics-router/certificate"),
    (500, "cannot patch Secret metrics-router/certificate"),
  ])
  func `a Secret that can be read and not written is told once`(code: Int, said: String) async throws {
    try cluster.putSecret()
    cluster.change { $0.refusals["PATCH \(CertificateCluster.secretPath)"] = code }
    for _ in 0..<3 { await keeper.look() }
    #expect(lines.count(of: said) == 1)
    #expect(lines.all.count == 1)
    // Once it could be written, it is news again.
    cluster.change { $0.refusals = [:] }
    await keeper.look()
    #expect(cluster.writes == ["Secret"])
    try cluster.putSecret()
    cluster.change { $0.refusals["PATCH \(CertificateCluster.secretPath)"] = code }
    await keeper.look()
    #expect(lines.count(of: said) == 2)
  }

  @Test func `an API server that is away is told once, however long each attempt takes`() async throws {
    try cluster.putSecret()
    let (secret, apiService) = (CertificateCluster.secretPath, MetricsGroupVersion.externalV1Beta1.apiServicePath)
    cluster.change { $0.unanswered = ["GET \(secret)"] }
    for _ in 0..<3 { await keeper.look() }
    #expect(lines.count(of: "cannot get Secret metrics-router/certificate") == 1)
    cluster.change { $0.unanswered = ["GET \(apiService)"] }
    for _ in 0..<3 { await keeper.look() }
    #expect(lines.count(of: "cannot get APIService v1beta1.external.metrics.k8s.io, trying again") == 1)
    #expect(lines.count(of: "Failed to connect to a port 443: Could not connect to server") == 2)
  }

  @Test func `a server that is away is told in the same words each time`() async throws {
    let transport = try CurlTransport()
    let options = CertificateOptions(
      secret: nil, policy: Self.policy, service: Self.policy.service, server: Address(host: "127.0.0.1", port: 1),
      overlap: .seconds(1))
    let probe = ServerProbe(transport: transport, userAgent: "test/1", options: options)
    let refusal = try #require(
      await probe.reasonToRefuse(trusting: [try Self.policy.makeAuthority(at: 1).certificate]))
    #expect(refusal.hasPrefix("the server at 127.0.0.1:1 (--server-secure-address): Failed to connect to "))
    #expect(!refusal.contains(" after "))
    await transport.shutdown()
  }

  @Test func `a refused write of the Secret tells nothing of what was to be written`() async throws {
    try cluster.putSecret()
    cluster.change { $0.refusals["PATCH \(CertificateCluster.secretPath)"] = 403 }
    await keeper.look()
    #expect(lines.count(of: "may not patch Secret metrics-router/certificate") == 1)
    #expect(lines.count(of: "Role metrics-router-serving-certificate") == 1)
    cluster.change { $0.refusals["PATCH \(CertificateCluster.secretPath)"] = 422 }
    await keeper.look()
    #expect(lines.count(of: "the API server answered 422 (Refused)") == 1)
    #expect(
      registry.scraped(#"metrics_router_controller_certificate_writes_total{object="Secret",result="error"}"#) == 2)
  }

  @Test func `APIServices that may not be read keep new authorities from signing, and are told with what to grant`()
    async throws
  {
    try cluster.putSecret()
    let path = MetricsGroupVersion.externalV1Beta1.apiServicePath
    cluster.change { $0.refusals["GET \(path)"] = 403 }
    for _ in 0..<3 { await keeper.look() }
    #expect(lines.count(of: "may not get APIService v1beta1.external.metrics.k8s.io") == 1)
    #expect(lines.count(of: "ClusterRole metrics-router-ca-bundle") == 1)
    #expect(try cluster.secret().authority != nil)
    #expect(try cluster.secret().serving == nil)
    cluster.change { $0.refusals = [:] }
    await keeper.look()
    #expect(try cluster.secret().serving != nil)
  }

  @Test func `a server that cannot be verified by the right caBundle is told once, until it can`() async throws {
    try cluster.putSecret()
    try cluster.put(.customV1Beta2)
    try cluster.put(.externalV1Beta1)
    await keeper.look()
    let serving = try cluster.secret().serving
    server.serve(serving)
    await keeper.look()
    // A replica on a certificate of its own.
    server.serve(try ServingCertificate.selfSigned(names: ["a"], days: 1))
    for _ in 0..<3 { await keeper.look() }
    let said =
      "the caBundle of v1beta2.custom.metrics.k8s.io, v1beta1.external.metrics.k8s.io is as it should be, and what is"
      + " served beside this controller cannot be verified by it: self-signed certificate"
    #expect(lines.all.count { $0.hasPrefix("W") && $0.contains(said) } == 1)
    #expect(registry.scraped(#"metrics_router_controller_api_services{state="verified"}"#) == 2)
    server.serve(serving)
    for _ in 0..<2 { await keeper.look() }
    #expect(lines.count(of: "what is served beside this controller can be verified again") == 1)
  }

  @Test func `a server that is verified by the authority of a Secret that was emptied is not told of`() async throws {
    try cluster.putSecret()
    try cluster.put(.externalV1Beta1)
    await keeper.look()
    server.serve(try cluster.secret().serving)
    await keeper.look()
    try cluster.putSecret()
    for _ in 0..<4 { await keeper.look() }
    #expect(cluster.trusted(.externalV1Beta1)?.count == 2)
    #expect(lines.count(of: "cannot be verified") == 0)
    server.serve(nil)
    await keeper.look()
    #expect(lines.count(of: "cannot be verified by it: connection refused") == 1)
  }

  @Test func `who replaces the caBundle is named, and it is put back`() async throws {
    try cluster.putSecret()
    try cluster.put(.externalV1Beta1)
    await keeper.look()
    server.serve(try cluster.secret().serving)
    await keeper.look()
    await keeper.look()
    let own = try cluster.secret().trusted
    let theirs = try Self.policy.makeAuthority(at: 7).certificate
    try cluster.put(.externalV1Beta1, trusted: [theirs])
    let path = MetricsGroupVersion.externalV1Beta1.apiServicePath
    cluster.change { state in
      let fields = try? YAML.documents(Array(#"[{"manager":"keda","time":"2026-01-01T00:00:00Z"}]"#.utf8)).first
      guard let object = state.objects[path], let metadata = object["metadata"], let fields else { return }
      state.objects[path] = object.setting("metadata", to: metadata.setting("managedFields", to: fields))
    }
    await keeper.look()
    #expect(cluster.trusted(.externalV1Beta1)?.prefix(1) == own.prefix(1))
    #expect(lines.count(of: "v1beta1.external.metrics.k8s.io: keda has replaced the caBundle") == 1)
  }

  @Test func `no line of the log holds a key`() async throws {
    try cluster.putSecret()
    try cluster.put(.customV1Beta1)
    for _ in 0..<3 {
      await keeper.look()
      server.serve(try cluster.secret().serving)
    }
    #expect(lines.all.count >= 2)
    #expect(!lines.all.contains { $0.contains("PRIVATE") || $0.contains("BEGIN") || $0.contains("LS0t") })
    #expect("\(Secret(metadata: ObjectMeta(name: "a", namespace: "n"), data: ["k": "c2VjcmV0"]))" == "Secret n/a")
  }
}
