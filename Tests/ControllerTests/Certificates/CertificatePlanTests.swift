import TLS
import Testing

@testable import metrics_router_controller

@Suite struct CertificatePlanTests {
  private static let policy = CertificateWorld.policy

  /// With a certificate for an hour into its life, and APIServices that verify it.
  private func settled(delays: [Int64] = [60, 90, 0]) throws -> CertificateWorld {
    var world = CertificateWorld(apiServices: 3, delays: delays)
    #expect(try world.run(for: 700) == [])
    #expect(world.bundles.allSatisfy { $0 == world.secret.trusted })
    return world
  }

  @Test func `an empty Secret is filled at once where nobody verifies yet`() throws {
    var world = CertificateWorld(apiServices: 0, delays: [])
    try world.look()
    #expect(world.secret.serving?.notAfter == world.now + 1800)
    #expect(world.secret.authority?.notAfter == world.now + 6000)
    #expect(world.secret.serving?.leaf.dnsNames == Self.policy.names)
    try world.look()
    #expect(world.reasons.count == 1)
  }

  @Test func `where APIServices verify by another authority, the new one is trusted before it signs`() throws {
    var world = try settled(delays: [60, 0])
    let before = world.secret.trusted
    // Somebody has emptied the Secret; the servers go on.
    world.secret = ServingSecret()
    #expect(try world.run(for: 3) == [])
    #expect(world.secret.authority != nil)
    #expect(world.secret.serving == nil)
    #expect(world.bundles.allSatisfy { Set($0 ?? []) == Set(world.secret.trusted + before) })
    #expect(try world.run(for: 1000) == [])
    #expect(world.secret.serving != nil)
    #expect(world.bundles.allSatisfy { $0 == world.secret.trusted })
  }

  @Test func `a certificate is renewed after two thirds of its life, by the same authority`() throws {
    var world = try settled()
    let (authority, first) = (world.secret.authority?.certificate, world.secret.serving)
    let due = try #require(first).notAfter - 600
    #expect(try world.run(for: due - world.now) == [])
    #expect(world.secret.serving?.leaf == first?.leaf)
    #expect(try world.run(for: 200) == [])
    #expect(world.secret.serving?.notAfter == due + 1800)
    #expect(world.secret.authority?.certificate == authority)
    #expect(world.replicas.allSatisfy { $0.served?.leaf == world.secret.serving?.leaf })
  }

  @Test func `through two rotations of the authority every replica is verified by every API server at any time`() throws
  {
    var world = try settled()
    let first = try #require(world.secret.authority?.certificate)
    #expect(try world.run(for: 9000, every: 5) == [])
    let rotations = world.reasons.filter { $0.contains("signs from now on") }.count
    #expect(rotations == 2)
    #expect(world.reasons.filter { $0.contains("is needed no more") }.count == 2)
    #expect(world.secret.trusted.count == 1)
    #expect(!world.bundles.contains { $0?.contains(first) == true })
  }

  @Test func `an authority signs only once all have it, and the one before it goes last`() throws {
    var world = try settled()
    let old = try #require(world.secret.authority)
    world.now = old.notAfter - 2000
    world.secret.serving = try Self.policy.issue(by: old, at: world.now)
    for index in world.replicas.indices { world.replicas[index].served = world.secret.serving }
    try world.look()
    let next = try #require(world.secret.next)
    #expect(world.secret.authority?.certificate == old.certificate)
    #expect(world.secret.serving?.leaf.isSigned(by: old.certificate) == true)
    #expect(try world.run(for: CertificateWorld.settling) == [])
    #expect(world.secret.next != nil)
    #expect(world.bundles.allSatisfy { $0?.contains(next.certificate) == true })
    #expect(try world.run(for: 3) == [])
    #expect(world.secret.authority?.certificate == next.certificate)
    #expect(world.secret.former == old.certificate)
    #expect(try world.secret[.nextKey] == nil)
    #expect(world.secret.serving?.leaf.isSigned(by: next.certificate) == true)
    // The slowest replica takes 90 seconds, the first one 60.
    #expect(try world.run(for: CertificateWorld.overlap) == [])
    #expect(world.secret.former == old.certificate)
    #expect(try world.run(for: 120) == [])
    #expect(world.secret.former == nil)
    #expect(world.bundles.allSatisfy { $0 == [next.certificate] })
  }

  @Test func `while one APIService does not have it, no new authority signs, and the old one goes on renewing`() throws
  {
    var world = try settled(delays: [0])
    let old = try #require(world.secret.authority)
    world.canReadAPIServices = false
    #expect(try world.run(for: old.notAfter - world.now - 10) == [])
    #expect(world.secret.authority?.certificate == old.certificate)
    #expect(world.secret.next != nil)
    // Not beyond its own end, and not again and again.
    #expect(world.secret.serving?.notAfter == old.notAfter)
    #expect(world.reasons.filter { $0.contains("is renewed") }.count < 6)
    world.canReadAPIServices = true
    #expect(try world.run(for: 20) == [])
    #expect(world.secret.authority?.certificate != old.certificate)
  }

  @Test func `an authority that has ended is replaced all the same`() throws {
    var world = try settled(delays: [0])
    let old = try #require(world.secret.authority)
    world.now = old.notAfter + 1000
    _ = try world.run(for: 30)
    #expect(world.secret.authority?.certificate != old.certificate)
    #expect(try world.refusals() == [])
    #expect(world.reasons.contains { $0.contains("has ended: authority metrics-router-serving-ca@") })
  }

  /// Made a day ahead, by a clock that has been set right since.
  @Test func `what is not good yet is made anew, its authority too`() throws {
    var world = try settled(delays: [0, 60])
    let early = try Self.policy.makeAuthority(at: world.now + 86_400)
    world.secret = ServingSecret()
    world.secret.authority = early
    world.secret.serving = try Self.policy.issue(by: early, at: world.now + 86_400)
    for index in world.replicas.indices { world.replicas[index].served = world.secret.serving }
    #expect(try world.refusals() != [])
    _ = try world.run(for: 90)
    #expect(world.secret.authority?.certificate != early.certificate)
    #expect(world.reasons.contains { $0.hasPrefix("\(early) is not good yet: authority metrics-router-serving-ca@") })
    #expect(try world.refusals() == [])
    #expect(try world.run(for: 600) == [])
    #expect(world.bundles.allSatisfy { $0 == world.secret.trusted })
  }

  @Test func `a certificate alone that is not good yet is renewed by its authority`() throws {
    var world = try settled()
    let authority = try #require(world.secret.authority)
    let early = try Self.policy.issue(by: authority, at: world.now + 4000)
    world.secret.serving = early
    #expect(Self.policy.reasonToRenew(early, of: authority, at: world.now) == "it is not good yet")
    try world.look()
    #expect(world.secret.authority?.certificate == authority.certificate)
    #expect(world.secret.serving.map { $0.leaf.notBefore <= world.now } == true)
  }

  @Test func `a next authority that is not good yet never signs`() throws {
    var world = try settled()
    let authority = try #require(world.secret.authority)
    let early = try Self.policy.makeAuthority(at: world.now + 86_400)
    world.secret.next = early
    #expect(try world.run(for: 60) == [])
    #expect(world.secret.authority?.certificate == authority.certificate)
    // One that is good takes its place once it is wanted. The serving certificate comes first.
    world.now = authority.notAfter - 1900
    try world.look()
    try world.look()
    #expect(world.secret.next.map { $0.certificate != early.certificate } == true)
  }

  @Test func `names that have changed are a reason to renew`() throws {
    let authority = try Self.policy.makeAuthority(at: 1000)
    let serving = try Self.policy.issue(by: authority, at: 1000)
    #expect(Self.policy.reasonToRenew(serving, of: authority, at: 1001) == nil)
    var other = Self.policy
    other.service.namespace = "elsewhere"
    #expect(other.reasonToRenew(serving, of: authority, at: 1001) == "it is for other names")
    #expect(other.names[0] == "metrics-apiserver.elsewhere.svc")
  }
}
