import Kubernetes
import TLS
import Testing

@testable import metrics_router_controller

@Suite struct BundleDecisionTests {
  private static let policy = CertificatePolicy()
  private let own: Certificate
  private let next: Certificate
  private let other: Certificate

  init() throws {
    own = try Self.policy.makeAuthority(at: 1).certificate
    next = try Self.policy.makeAuthority(at: 2).certificate
    other = try Self.policy.makeAuthority(at: 3).certificate
  }

  private func decide(
    _ spec: [String: Any]?, trusting trusted: [Certificate]? = nil, verified: Bool = true, everywhere: Bool = false
  ) -> BundleDecision {
    BundleDecision.of(
      spec.flatMap(APIServiceFixture.apiService), service: Self.policy.service, trusted: trusted ?? [own],
      .init(isVerified: verified, isVerifiedEverywhere: everywhere))
  }

  @Test func `one that is somebody else's is left alone, whatever it verifies by`() {
    let adapter = ObjectName(namespace: "monitoring", name: "prometheus-adapter")
    for skips in [nil, true] {
      #expect(
        decide(APIServiceFixture.spec(skips: skips, service: adapter), everywhere: true)
          == .foreign("monitoring/prometheus-adapter"))
    }
    #expect(
      decide(APIServiceFixture.spec(trusted: [other], service: adapter)) == .foreign("monitoring/prometheus-adapter"))
    #expect(decide(APIServiceFixture.spec(service: nil)) == .foreign("the API server"))
    #expect(
      decide(APIServiceFixture.spec(service: ObjectName(namespace: "metrics-router", name: "other")))
        == .foreign("metrics-router/other"))
    #expect(decide(nil) == .absent)
  }

  @Test func `one that verifies nothing is told to once what is served can be verified`() {
    let spec = APIServiceFixture.spec()
    #expect(decide(spec, verified: false) == .waiting)
    #expect(decide(spec) == .patch([own], isReplaced: false))
  }

  @Test func `one that skips verification goes on until every replica can be verified`() {
    let spec = APIServiceFixture.spec(skips: true)
    #expect(decide(spec, verified: false) == .waiting)
    #expect(decide(spec) == .waiting)
    #expect(decide(spec, everywhere: true) == .patch([own], isReplaced: false))
  }

  @Test func `a new authority is added at once, an old one taken away last`() {
    let spec = APIServiceFixture.spec(trusted: [own])
    #expect(decide(spec) == .right)
    #expect(decide(spec, trusting: [own, next], verified: false) == .patch([own, next], isReplaced: false))
    let both = APIServiceFixture.spec(trusted: [own, next])
    #expect(decide(both, trusting: [next]) == .right)
    #expect(decide(both, trusting: [next], everywhere: true) == .patch([next], isReplaced: false))
  }

  @Test func `what somebody else has put in place of it is kept beside it for a while`() {
    let spec = APIServiceFixture.spec(trusted: [other])
    #expect(decide(spec, verified: false) == .patch([own, other], isReplaced: true))
    #expect(decide(spec, everywhere: true) == .patch([own], isReplaced: true))
  }

  @Test func `a caBundle that holds no certificate counts for none`() {
    var spec = APIServiceFixture.spec()
    for bundle in ["", "bm90aGluZw==", "***"] {
      spec["caBundle"] = bundle
      #expect(decide(spec, verified: false) == .waiting)
      #expect(decide(spec) == .patch([own], isReplaced: false))
    }
  }

  @Test(arguments: [
    (nil, BundleDecision.Standing.absent), ("metrics-apiserver", .unverified), ("adapter", .foreign),
  ])
  func `what the metric counts it as`(service: String?, standing: BundleDecision.Standing) {
    let apiService = service.flatMap { name in
      APIServiceFixture.apiService(APIServiceFixture.spec(service: ObjectName(namespace: "metrics-router", name: name)))
    }
    #expect(BundleDecision.Standing(apiService, service: Self.policy.service) == standing)
    let verified = APIServiceFixture.apiService(APIServiceFixture.spec(trusted: [own]))
    #expect(BundleDecision.Standing(verified, service: Self.policy.service) == .verified)
  }
}
