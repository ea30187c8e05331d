import TLS

/// What is to become of the Secret next, as a value apart from I/O and clocks.
///
/// Two rules keep every API server able to verify whatever a replica serves, at any time and wherever this is broken off:
/// an authority signs what is served only once each APIService that verifies by a `caBundle` has it there; and it stays
/// there, and in the Secret, until all replicas have served by the next one for a while.
struct CertificatePlan: Sendable {
  /// What is known of those who verify.
  struct Observation: Sendable {
    /// Authorities that stand in the `caBundle` of each of the router's APIServices that has one, for long enough that
    /// each API server knows. Nil where the APIServices could not be read.
    var accepted: Set<Certificate>?
    /// Whether there is such an APIService. One without a `caBundle` verifies nothing yet.
    var isAnyVerifying = false
    /// Whether the server has served, for the whole overlap, what can be verified without the former authority.
    var isFormerUnneeded = false

    func accepts(_ authority: CertificateAuthority) -> Bool {
      guard let accepted else { return false }
      return !isAnyVerifying || accepted.contains(authority.certificate)
    }
  }

  /// What to write, and why, for the log.
  struct Step: Sendable {
    var secret: ServingSecret
    var reason: String
  }

  let policy: CertificatePolicy

  /// One step of those that are due; nil where nothing is.
  func step(_ secret: ServingSecret, _ seen: Observation, at now: Int64) throws(TLSError) -> Step? {
    guard let authority = secret.authority else { return try begin(seen, at: now) }
    // By one whose time has not come nothing can be verified.
    let next = secret.next.flatMap { policy.isEarly($0.certificate, at: now) ? nil : $0 }
    if let next, seen.accepts(next) { return try promote(secret, next, at: now) }
    if let step = try renew(secret, authority, seen, at: now) { return step }
    let fault =
      authority.notAfter <= now
      ? "has ended" : policy.isEarly(authority.certificate, at: now) ? "is not good yet" : nil
    if next == nil, secret.former == nil || fault != nil, policy.isDue(authority, at: now) {
      let next = try policy.makeAuthority(at: now)
      var changed = secret
      changed.next = next
      let cause = fault ?? "has a third of its time left"
      return Step(
        secret: changed, reason: "\(authority) \(cause): \(next) is to be trusted before it signs in its place")
    }
    if let former = secret.former, seen.isFormerUnneeded {
      var changed = secret
      changed.former = nil
      return Step(secret: changed, reason: "authority \(former.commonName) is needed no more")
    }
    return nil
  }

  /// With nobody who verifies there is nobody to wait for.
  private func begin(_ seen: Observation, at now: Int64) throws(TLSError) -> Step {
    var secret = ServingSecret()
    let authority = try policy.makeAuthority(at: now)
    secret.authority = authority
    guard seen.accepts(authority) else {
      return Step(secret: secret, reason: "the Secret is empty: \(authority) is to be trusted before it signs")
    }
    secret.serving = try policy.issue(by: authority, at: now)
    return Step(secret: secret, reason: "the Secret is empty: \(authority) and a serving certificate are made")
  }

  private func promote(
    _ secret: ServingSecret, _ next: CertificateAuthority, at now: Int64
  ) throws(TLSError) -> Step {
    var changed = ServingSecret()
    changed.authority = next
    changed.former = secret.authority?.certificate
    changed.serving = try policy.issue(by: next, at: now)
    return Step(secret: changed, reason: "\(next) is trusted everywhere: it signs from now on")
  }

  private func renew(
    _ secret: ServingSecret, _ authority: CertificateAuthority, _ seen: Observation, at now: Int64
  ) throws(TLSError) -> Step? {
    guard authority.notAfter > now, !policy.isEarly(authority.certificate, at: now) else { return nil }
    let reason: String
    if let serving = secret.serving {
      guard let due = policy.reasonToRenew(serving, of: authority, at: now) else { return nil }
      // Who verifies the present one verifies the next one of the same authority.
      guard serving.leaf.isSigned(by: authority.certificate) || seen.accepts(authority) else { return nil }
      reason = "the serving certificate is renewed, as \(due)"
    } else {
      guard seen.accepts(authority) else { return nil }
      reason = "\(authority) is trusted: a serving certificate is made"
    }
    var changed = secret
    changed.serving = try policy.issue(by: authority, at: now)
    return Step(secret: changed, reason: reason)
  }
}
