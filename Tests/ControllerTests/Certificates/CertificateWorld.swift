import Foundation
import Kubernetes
import TLS
import TestSupport
import Testing

@testable import metrics_router_controller

/// A cluster in a clock of its own: the Secret, the `caBundle` of each APIService as each API server knows it, and what
/// each replica serves, which comes later than the Secret says, by a while of its own.
struct CertificateWorld {
  static let policy = CertificatePolicy(lifetime: .seconds(1800), authorityLifetime: .seconds(6000))
  static let settling: Int64 = 5
  static let overlap: Int64 = 300

  /// One replica's server.
  struct Replica {
    /// How long kubelet takes.
    var delay: Int64
    var served: ServingCertificate?
    var deliveries: [(at: Int64, ServingCertificate)] = []
  }

  let plan = CertificatePlan(policy: policy)
  var now = Int64(Date().timeIntervalSince1970)
  var secret = ServingSecret()
  /// Nil: it has none yet.
  var bundles: [[Certificate]?]
  /// The same, as the slowest API server knows it.
  var known: [[Certificate]?]
  /// Since when each authority stands in all bundles; and since when the first replica has served what can be verified so.
  var accepted: [Certificate: Int64] = [:]
  var verified: [Set<Certificate>: Int64] = [:]
  var replicas: [Replica]
  var reasons: [String] = []
  var canReadAPIServices = true
  private var propagating: [(at: Int64, [[Certificate]?])] = []

  init(apiServices: Int, delays: [Int64]) {
    bundles = Array(repeating: nil, count: apiServices)
    known = bundles
    replicas = delays.map { Replica(delay: $0) }
  }

  /// One look of the leader, as ``CertificateKeeper`` does it.
  mutating func look() throws {
    for index in replicas.indices {
      while let first = replicas[index].deliveries.first, first.at <= now {
        replicas[index].served = first.1
        replicas[index].deliveries.removeFirst()
      }
    }
    while let first = propagating.first, first.at <= now {
      known = first.1
      propagating.removeFirst()
    }
    let trusted = secret.trusted
    if !trusted.isEmpty { settleBundles(trusted) }
    let everywhere = trusted.filter { authority in bundles.compactMap(\.self).allSatisfy { $0.contains(authority) } }
    accepted = accepted.filter { everywhere.contains($0.key) }
    for authority in everywhere where accepted[authority] == nil { accepted[authority] = now }
    let seen = CertificatePlan.Observation(
      accepted: canReadAPIServices ? Set(accepted.filter { now - $0.value >= Self.settling }.keys) : nil,
      isAnyVerifying: bundles.contains { $0 != nil },
      isFormerUnneeded: verified[secret.trustedInFuture].map { now - $0 >= Self.overlap } ?? false)
    guard let step = try plan.step(secret, seen, at: now) else { return }
    reasons.append(step.reason)
    // What is stored is read again.
    let stored = step.secret
    secret = try ServingSecret { try? stored[$0] }
    if let serving = secret.serving {
      for index in replicas.indices { replicas[index].deliveries.append((now + replicas[index].delay, serving)) }
    }
  }

  private mutating func settleBundles(_ trusted: [Certificate]) {
    let leaf = replicas.first?.served?.leaf
    func isVerified(_ authorities: [Certificate]) -> Bool {
      leaf.map { leaf in authorities.contains { leaf.isSigned(by: $0) } && leaf.notAfter > now && leaf.notBefore <= now
      }
        ?? false
    }
    let future = secret.trustedInFuture
    let holding = [Set(trusted), future].filter { isVerified(Array($0)) }
    verified = verified.filter { holding.contains($0.key) }
    for key in holding where verified[key] == nil { verified[key] = now }
    let served = BundleDecision.Served(
      isVerified: isVerified(trusted),
      isVerifiedEverywhere: verified[Set(trusted)].map { now - $0 >= Self.overlap } ?? false)
    for index in bundles.indices {
      let spec = APIServiceFixture.spec(trusted: bundles[index])
      let decision = BundleDecision.of(
        APIServiceFixture.apiService(spec), service: Self.policy.service, trusted: trusted, served)
      if case .patch(let certificates, _) = decision { bundles[index] = certificates }
    }
    propagating.append((now + Self.settling - 1, bundles))
  }

  /// What each API server would say of each replica, by the `openssl` command: refusals, of those that verify.
  func refusals() throws -> [String] {
    try (bundles + known).compactMap(\.self).flatMap { bundle in
      try replicas.compactMap(\.served).compactMap { served in
        try OpenSSLVerification.refusal(
          of: served.certificatePEM, trusting: bundle.pem, name: Self.policy.names[0], at: now)
      }
    }
  }

  /// Looks for that long, and judges whenever anything has changed, and at the end. Returns what was refused.
  mutating func run(for seconds: Int64, every interval: Int64 = 1) throws -> [String] {
    var refused: [String] = []
    let end = now + seconds
    while now < end {
      let before = state
      try look()
      if state != before { refused += try refusals() }
      now += interval
    }
    return refused + (try refusals())
  }

  /// What a judgement depends on, but for the time.
  private var state: [[Certificate]] {
    (bundles + known).map { $0 ?? [] } + replicas.map { $0.served.map { [$0.leaf] } ?? [] }
  }
}
