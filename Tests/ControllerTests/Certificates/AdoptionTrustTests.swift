import Foundation
import MetricsAPI
import TLS
import Testing
import YAML

@testable import metrics_router_controller

@Suite struct AdoptionTrustTests {
  private func refusal(_ fixture: AdoptionFixture, _ change: (inout AdoptionOptions) -> Void = { _ in }) async
    -> String?
  {
    await fixture.failure { () async throws(AdoptionError) in try await fixture.commands(change).adopt() }
  }

  @Test func `the router is verified by the certificates of its authorities, and by nothing else in the Secret`()
    async throws
  {
    let fixture = try AdoptionFixture("nobody")
    defer { fixture.end() }
    try await fixture.commands().adopt()
    for version in MetricsGroupVersion.allCases {
      let spec = fixture.cluster.object(version.apiServicePath)?["spec"]
      #expect(spec?["caBundle"]?.text == (try AdoptionFixture.caBundle()))
      #expect(spec?["insecureSkipTLSVerify"] == nil)
    }
    #expect(!fixture.lines.all.contains("c2VjcmV0"))
  }

  @Test func `authorities that come and go are taken along`() async throws {
    let fixture = try AdoptionFixture("nobody")
    defer { fixture.end() }
    let bundle = try AdoptionFixture.caBundle()
    let other = try CertificatePolicy().makeAuthority(at: Int64(Date().timeIntervalSince1970)).certificate.pem
    let secret = try YAML.documents(
      Array(
        #"{"metadata":{},"data":{"ca.crt":"\#(bundle)","ca-next.crt":"\#(Data(other).base64EncodedString())"}}"#.utf8)
    ).first
    fixture.cluster.change { $0.objects[AdoptionFixture.secretPath] = secret }
    try await fixture.commands().adopt()
    let written = fixture.cluster.object(MetricsGroupVersion.customV1Beta1.apiServicePath)?["spec"]?["caBundle"]?.text
    #expect(written.flatMap { Data(base64Encoded: $0) } == Data(base64Encoded: bundle).map { $0 + Data(other) })
  }

  @Test(arguments: [
    (nil, "there is no Secret metrics-router/metrics-router-serving-certificate"),
    (#"{"metadata":{},"data":{}}"#, "Secret metrics-router/metrics-router-serving-certificate holds no ca.crt yet"),
    (#"{"metadata":{}}"#, "holds no ca.crt yet"),
  ])
  func `without an authority nothing is adopted, and it is said what to do`(secret: String?, said: String) async throws
  {
    let fixture = try AdoptionFixture("helm-and-keda")
    defer { fixture.end() }
    let object = try secret.flatMap { try YAML.documents(Array($0.utf8)).first }
    fixture.cluster.change { $0.objects[AdoptionFixture.secretPath] = object }
    let failure = await refusal(fixture)
    #expect(failure?.contains(said) == true)
    #expect(failure?.contains("or give --router-ca-file") == true)
    #expect(failure?.hasSuffix("nothing was changed") == true)
    #expect(fixture.cluster.writes.isEmpty)
  }

  @Test func `an authority from elsewhere is read from a file`() async throws {
    let fixture = try AdoptionFixture("nobody")
    defer { fixture.end() }
    fixture.cluster.change { $0.objects[AdoptionFixture.secretPath] = nil }
    let file = AdoptionFixture.folder.appending(path: "router-ca.crt").path()
    try await fixture.commands { $0.authority = .file(file) }.adopt()
    let written = fixture.cluster.object(MetricsGroupVersion.customV1Beta1.apiServicePath)?["spec"]?["caBundle"]?.text
    #expect(written == (try AdoptionFixture.caBundle()))
    #expect(await refusal(fixture) { $0.authority = .file("/nowhere") }?.hasPrefix("--router-ca-file: ") == true)
  }

  @Test func `an adapter that writes its authority into the APIService is warned of, unless cert-manager does`()
    async throws
  {
    let fixture = try AdoptionFixture("helm-and-keda")
    defer { fixture.end() }
    try await fixture.commands { $0.applies = false }.adopt()
    #expect(fixture.lines.all.contains("KEDA writes its own authority into this APIService"))
    let injected = try AdoptionFixture("helm-and-keda")
    defer { injected.end() }
    let path = MetricsGroupVersion.externalV1Beta1.apiServicePath
    let object = try #require(injected.cluster.object(path))
    let annotations = YAMLValue.object([("cert-manager.io/inject-ca-from", .string("keda/keda"))])
    let metadata = try #require(object["metadata"]).setting("annotations", to: annotations)
    injected.cluster.change { $0.objects[path] = object.setting("metadata", to: metadata) }
    try await injected.commands { $0.applies = false }.adopt()
    #expect(!injected.lines.all.contains("writes its own authority"))
  }
}
