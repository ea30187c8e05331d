import TLS

/// For whom certificates are made, and for how long. Moments are seconds since 1970.
struct CertificatePolicy: Sendable, Equatable {
  /// Clocks of API servers may be behind by this much.
  private static let backdating: Int64 = 3600

  var service = ObjectName(namespace: "metrics-router", name: "metrics-apiserver")
  /// Of the serving certificate; whole seconds.
  var lifetime = Duration.seconds(90 * 86_400)
  var authorityLifetime = Duration.seconds(5 * 365 * 86_400)

  /// The names in the serving certificate. The first one is that by which API servers ask for it.
  var names: [String] {
    let name = "\(service.name).\(service.namespace)"
    return ["\(name).svc", "\(name).svc.cluster.local", name]
  }

  /// The name by which an authority is told from the one before it.
  func makeAuthority(at now: Int64) throws(TLSError) -> CertificateAuthority {
    try .make(
      name: "metrics-router-serving-ca@\(now)", from: now - Self.backdating,
      until: now + authorityLifetime.components.seconds)
  }

  /// Ends with its authority at the latest.
  func issue(by authority: CertificateAuthority, at now: Int64) throws(TLSError) -> ServingCertificate {
    try .issued(by: authority, names: names, from: now - Self.backdating, until: end(of: authority, at: now))
  }

  /// Why another serving certificate is to be made now; nil while this one is good.
  func reasonToRenew(_ serving: ServingCertificate, of authority: CertificateAuthority, at now: Int64) -> String? {
    if Set(serving.leaf.dnsNames) != Set(names) { return "it is for other names" }
    if !serving.leaf.isSigned(by: authority.certificate) { return "its authority is about to go" }
    if isEarly(serving.leaf, at: now) { return "it is not good yet" }
    // One that its authority cannot outlive is not made again and again.
    guard isDue(serving.notAfter, lifetime, at: now), end(of: authority, at: now) > serving.notAfter else { return nil }
    return serving.notAfter <= now ? "it has ended" : "a third of its time is left"
  }

  func isDue(_ authority: CertificateAuthority, at now: Int64) -> Bool {
    isEarly(authority.certificate, at: now) || isDue(authority.notAfter, authorityLifetime, at: now)
  }

  /// Whether its time has not come: it was made by a clock that was ahead, and has been set right since.
  func isEarly(_ certificate: Certificate, at now: Int64) -> Bool { certificate.notBefore > now }

  private func isDue(_ end: Int64, _ lifetime: Duration, at now: Int64) -> Bool {
    end - now <= lifetime.components.seconds / 3
  }

  private func end(of authority: CertificateAuthority, at now: Int64) -> Int64 {
    min(now + lifetime.components.seconds, authority.notAfter)
  }
}
